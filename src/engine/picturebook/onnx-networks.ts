/** The pipeline's networks as ONNX sessions. */
import type { Conditioning, DenoiserInput, DenoiserOutput, GraphTokens, Networks } from '#diffusion/networks.ts';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { sizeOf, type Tensor } from '#diffusion/tensor.ts';
import { EngineError } from '#engine/contract/engine-error.ts';
import { type Manifest, STUDENT_FILE } from '#engine/contract/manifest.ts';
import { byPort, decoderPorts, denoiserPorts, graphEncoderPorts, readPorts } from '#engine/package/network-ports.ts';
import type { ModelPackage } from '#engine/package/package-loader.ts';
import { precisionOf, type Runtime, type Session } from '#engine/runtime/sessions.ts';
import { studentDenoiser } from './student-weights.ts';

interface NetworkSessions {
  readonly graphEncoder: Session;
  readonly denoiser: Session;
  readonly decoder: Session;
}

/** Bytes of the .onnx files, and of the student's updates where there is one. */
export interface NetworkFiles {
  readonly graphEncoder: Uint8Array;
  readonly denoiser: Uint8Array;
  readonly decoder: Uint8Array;
  readonly student?: Uint8Array | undefined;
}

/** What a package has of them. */
export const networkFiles = (files: ModelPackage['files']): NetworkFiles => ({
  graphEncoder: files['graph-encoder.onnx'],
  denoiser: files['denoiser.onnx'],
  decoder: files['decoder.onnx'],
  student: files[STUDENT_FILE],
});

/** As many as a graph of four objects and three relations has. */
const TRIAL_TOKENS = 9;

/**
 * Latents by the default sampler stay below 12. What others overshoot to, as Heun's method in two steps, may be beyond 1,000, where the decoder's
 * numbers are not finite any more.
 */
const LARGEST_LATENT = 100;

const denoiserInputs: readonly string[] = Object.values(denoiserPorts.inputs);

export class OnnxNetworks implements Networks {
  readonly student?: Networks['denoise'];
  readonly #sessions: NetworkSessions;
  #student: Promise<Session> | undefined;

  /** @param openStudent is called when the student is asked for the first time: most pictures are painted without it */
  constructor(sessions: NetworkSessions, openStudent?: () => Promise<Session>) {
    this.#sessions = sessions;
    if (!openStudent) return;
    const opened = () => {
      this.#student ??= openStudent().catch((reason: unknown) => {
        this.#student = undefined;
        throw reason;
      });
      return this.#student;
    };
    this.student = async (input) => denoiseBy(await opened(), input);
  }

  /** @throws EngineError model-unsupported for a denoiser that reads more than it is told */
  static async open(runtime: Runtime, models: NetworkFiles): Promise<OnnxNetworks> {
    // One after the other: a web runtime initialises itself in the first call and must not be raced.
    const graphEncoder = await runtime.open(models.graphEncoder);
    const denoiser = await runtime.open(models.denoiser);
    const decoder = await runtime.open(models.decoder);
    const { student } = models;
    const openStudent = student && (async () => runtime.open(await studentDenoiser(models.denoiser, student)));
    const networks = new OnnxNetworks({ graphEncoder, denoiser, decoder }, openStudent);
    const foreign = denoiser.inputs.find(({ name }) => !denoiserInputs.includes(name));
    if (foreign === undefined) return networks;
    await networks.release();
    throw new EngineError(
      'model-unsupported',
      `denoiser.onnx wants an input “${foreign.name}”, which this version does not give. Export the model with the trainer of this version.`,
    );
  }

  get precision(): ReturnType<typeof precisionOf> {
    return precisionOf(this.#sessions.denoiser);
  }

  /** Of S_cond. */
  get tokenWidth(): number {
    const { sCond } = denoiserPorts.inputs;
    return Number(this.#sessions.denoiser.inputs.find(({ name }) => name === sCond)?.shape.at(-1));
  }

  async encodeGraph(tokens: GraphTokens): Promise<Conditioning> {
    const { inputs, outputs } = graphEncoderPorts;
    return readPorts(outputs, await this.#sessions.graphEncoder.run(byPort(inputs, tokens)));
  }

  async denoise(input: DenoiserInput): Promise<DenoiserOutput> {
    return denoiseBy(this.#sessions.denoiser, input);
  }

  /** Noise in noise of σ = 1, under noise for S_cond. */
  trialInput({ channels, height, width }: Manifest['latent']): DenoiserInput {
    const noise = seededNoise(0);
    const normal = (...dims: number[]): Tensor => ({ data: noise.normals(sizeOf(dims)), dims });
    return {
      sample: normal(2, channels, height, width),
      timestep: { data: new Float32Array(2), dims: [2] },
      sCond: normal(2, TRIAL_TOKENS, this.tokenWidth),
      mask: { data: new Float32Array(2 * TRIAL_TOKENS).fill(1), dims: [2, TRIAL_TOKENS] },
    };
  }

  async decode(latent: Tensor): Promise<Tensor> {
    const { inputs, outputs } = decoderPorts;
    const held = latent.data.map((value) => Math.min(LARGEST_LATENT, Math.max(-LARGEST_LATENT, value)));
    const feeds = byPort(inputs, { latent: { ...latent, data: held } });
    return readPorts(outputs, await this.#sessions.decoder.run(feeds)).image;
  }

  async release(): Promise<void> {
    const { graphEncoder, denoiser, decoder } = this.#sessions;
    const student = this.#student?.then((session) => session.release());
    await Promise.all([graphEncoder.release(), denoiser.release(), decoder.release(), student]);
  }
}

async function denoiseBy(session: Session, input: DenoiserInput): Promise<DenoiserOutput> {
  const { inputs, outputs } = denoiserPorts;
  return readPorts(outputs, await session.run(byPort(inputs, input)));
}
