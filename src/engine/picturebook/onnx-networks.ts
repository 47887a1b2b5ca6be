/** The pipeline's networks and the verifier as ONNX sessions: our names on one side, the files' names on the other. */
import type { Conditioning, DenoiserInput, DenoiserOutput, GraphTokens, Networks } from '#diffusion/networks.ts';
import type { Tensor } from '#diffusion/tensor.ts';
import { EngineError } from '#engine/contract/engine-error.ts';
import type { Fetches, Runtime, Session } from '#engine/runtime/sessions.ts';

interface NetworkSessions {
  readonly graphEncoder: Session;
  readonly denoiser: Session;
  readonly decoder: Session;
}

const denoiserInputs: readonly string[] = ['sample', 'timestep', 's_cond', 'mask'];

export class OnnxNetworks implements Networks {
  readonly #sessions: NetworkSessions;

  constructor(sessions: NetworkSessions) {
    this.#sessions = sessions;
  }

  /** @throws EngineError model-unsupported for a denoiser that reads more than it is told */
  static async open(
    runtime: Runtime,
    models: { readonly graphEncoder: Uint8Array; readonly denoiser: Uint8Array; readonly decoder: Uint8Array },
  ): Promise<OnnxNetworks> {
    // One after the other: a web runtime initialises itself in the first call and must not be raced.
    const graphEncoder = await runtime.open(models.graphEncoder);
    const denoiser = await runtime.open(models.denoiser);
    const decoder = await runtime.open(models.decoder);
    const networks = new OnnxNetworks({ graphEncoder, denoiser, decoder });
    const foreign = denoiser.inputs.find(({ name }) => !denoiserInputs.includes(name));
    if (foreign === undefined) return networks;
    await networks.release();
    throw new EngineError(
      'model-unsupported',
      `denoiser.onnx wants an input “${foreign.name}”, which this version does not give. Export the model with the trainer of this version.`,
    );
  }

  async encodeGraph(tokens: GraphTokens): Promise<Conditioning> {
    const outputs = await this.#sessions.graphEncoder.run({
      object_vectors: tokens.objectVectors,
      attribute_vectors: tokens.attributeVectors,
      object_mask: tokens.objectMask,
      predicates: tokens.predicates,
      subjects: tokens.subjects,
      objects: tokens.objects,
      relation_mask: tokens.relationMask,
      style: tokens.style,
    });
    return { sCond: output(outputs, 's_cond'), mask: output(outputs, 'mask'), gGlobal: output(outputs, 'g_global') };
  }

  async denoise({ sample, timestep, sCond, mask }: DenoiserInput): Promise<DenoiserOutput> {
    const outputs = await this.#sessions.denoiser.run({ sample, timestep, s_cond: sCond, mask });
    return { prediction: output(outputs, 'prediction'), attention: output(outputs, 'attention') };
  }

  async decode(latent: Tensor): Promise<Tensor> {
    return output(await this.#sessions.decoder.run({ latent }), 'image');
  }

  async release(): Promise<void> {
    const { graphEncoder, denoiser, decoder } = this.#sessions;
    await Promise.all([graphEncoder.release(), denoiser.release(), decoder.release()]);
  }
}

/** What the verifier sees in a batch of pictures, on a grid of g × g cells. */
export interface Sighting {
  /** (B, L, g, g) in [0, 1]: how much of a cell shows each label of the vocabulary. */
  readonly presence: Tensor;
  /** (B, g, g) in [0, 1]: nearness of what a cell shows; larger is nearer to the viewer. */
  readonly depth: Tensor;
}

export class OnnxVerifier {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** @param image (B, 3, H, W) in [−1, 1] */
  async look(image: Tensor): Promise<Sighting> {
    const outputs = await this.#session.run({ image });
    return { presence: output(outputs, 'presence'), depth: output(outputs, 'depth') };
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

function output(outputs: Fetches, name: string): Tensor {
  const tensor = outputs[name];
  if (tensor) return tensor;
  throw new Error(`the model gives no output "${name}"; it gives ${Object.keys(outputs).join(', ')}`);
}
