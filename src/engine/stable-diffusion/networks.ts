/** Stable Diffusion's three networks under the names of the public ONNX exports; types, widths and fixed sizes come from the sessions. */
import type { DenoiserConditioning, DenoiserInput, DiffusionNetworks } from '#diffusion/networks.ts';
import { assertFinite } from '#diffusion/sampling/non-finite.ts';
import { joined, sizeOf, type Tensor } from '#diffusion/tensor.ts';
import { EngineError } from '#engine/contract/engine-error.ts';
import type { Feeds, Fetches, ModelFile, Port, Runtime, Session } from '#engine/runtime/sessions.ts';
import { adapterInputs } from './adapter-feeds.ts';

export interface StableDiffusionModels {
  readonly textEncoder: ModelFile;
  readonly unet: ModelFile;
  readonly vaeDecoder: ModelFile;
  readonly adapter?: ModelFile;
}

/** latent = (encoded − shift) · factor */
export interface LatentScale {
  readonly factor: number;
  readonly shift: number;
}

interface Sessions {
  readonly textEncoder: Session;
  readonly unet: Session;
  readonly vaeDecoder: Session;
  readonly adapter: Session | undefined;
}

export class StableDiffusionNetworks implements DiffusionNetworks {
  readonly #textEncoder: Session;
  readonly #unet: Session;
  readonly #vaeDecoder: Session;
  readonly #adapter: Session | undefined;
  readonly #scale: LatentScale;

  private constructor(sessions: Sessions, scale: LatentScale) {
    this.#adapter = sessions.adapter;
    this.#textEncoder = sessions.textEncoder;
    this.#unet = sessions.unet;
    this.#vaeDecoder = sessions.vaeDecoder;
    this.#scale = scale;
  }

  /** @throws EngineError model-unsupported when a file has other inputs or outputs, or of the runtime when it cannot open one */
  static async open(
    runtime: Runtime,
    models: StableDiffusionModels,
    scale: LatentScale,
  ): Promise<StableDiffusionNetworks> {
    const opened: Session[] = [];
    const open = async (model: ModelFile, file: string, inputs: readonly string[], output: string) => {
      const session = await runtime.open(model);
      opened.push(session);
      checkPorts(session, file, inputs, output);
      return session;
    };
    try {
      // One after the other: a web runtime initialises itself in the first call, and memory has room for one being compiled.
      const textEncoder = await open(models.textEncoder, 'text_encoder/model.onnx', ['input_ids'], 'last_hidden_state');
      const unetInputs = ['sample', 'timestep', 'encoder_hidden_states'];
      const unet = await open(models.unet, 'unet/model.onnx', unetInputs, 'out_sample');
      const vaeDecoder = await open(models.vaeDecoder, 'vae_decoder/model.onnx', ['latent_sample'], 'sample');
      const adapterPorts = ['hidden_states', ...adapterInputs];
      const adapter =
        models.adapter && (await open(models.adapter, 'graph_adapter/model.onnx', adapterPorts, 's_cond'));
      return new StableDiffusionNetworks({ textEncoder, unet, vaeDecoder, adapter }, scale);
    } catch (error) {
      await Promise.allSettled(opened.map((session) => session.release()));
      throw error;
    }
  }

  /** Tokens of text that the UNet can be told of: undefined where it takes any number. */
  get textLength(): number | undefined {
    return fixed(port(this.#unet, 'encoder_hidden_states').shape[1]);
  }

  /** (C, h, w) where the UNet was exported for one size; undefined for dimensions that may vary. */
  get latentDims(): readonly (number | undefined)[] {
    return port(this.#unet, 'sample').shape.slice(1).map(fixed);
  }

  /**
   * @param prompts P lists of N token numbers
   * @returns (1, P · N, D) their encodings one after another
   */
  async encodeText(prompts: readonly Int32Array[]): Promise<Tensor> {
    const encoded: Tensor[] = [];
    for (const ids of prompts) encoded.push(await this.#encodeOne(ids));
    const width = encoded[0]!.dims[2]!;
    const data = joined(encoded.map((part) => part.data));
    this.#checkWidth(width);
    return { data, dims: [1, data.length / width, width] };
  }

  get hasAdapter(): boolean {
    return this.#adapter !== undefined;
  }

  /** (1, S, D) the text with what the graph adds to it; the text itself without an adapter. */
  async adapt(text: Tensor, feeds: Feeds): Promise<Tensor> {
    if (!this.#adapter) return text;
    const sCond = output(await this.#adapter.run({ hidden_states: text, ...feeds }, ['s_cond']), 's_cond');
    assertFinite(sCond.data, 'the graph adapter');
    return sCond;
  }

  /** What every token of a conditioning is worth: all of it, for CLIP's padding is part of what the UNet was trained on. */
  conditioning(sCond: Tensor, unconditional: Tensor): DenoiserConditioning {
    const tokens = sCond.dims[1]!;
    return { sCond, unconditional, mask: { data: new Float32Array(tokens).fill(1), dims: [1, tokens] } };
  }

  async denoise({ sample, timestep, sCond }: DenoiserInput): Promise<{ readonly prediction: Tensor }> {
    const rows = sample.dims[0]!;
    const only = fixed(port(this.#unet, 'sample').shape[0]);
    if (only === undefined || only === rows) return { prediction: await this.#predict(sample, timestep, sCond) };
    if (only !== 1) {
      throw new EngineError(
        'model-unsupported',
        `unet/model.onnx takes ${only} latents at a time; 1 or any number is needed.`,
      );
    }
    // Exported for one latent at a time: guidance then asks twice.
    const parts: Tensor[] = [];
    for (let row = 0; row < rows; row++) {
      parts.push(await this.#predict(rowOf(sample, row), rowOf(timestep, row), rowOf(sCond, row)));
    }
    const data = new Float32Array(sample.data.length);
    for (const [row, part] of parts.entries()) data.set(part.data, row * part.data.length);
    return { prediction: { data, dims: sample.dims } };
  }

  async decode(latent: Tensor): Promise<Tensor> {
    const { factor, shift } = this.#scale;
    const scaled = { data: latent.data.map((value) => value / factor + shift), dims: latent.dims };
    return output(await this.#vaeDecoder.run({ latent_sample: scaled }, ['sample']), 'sample');
  }

  async release(): Promise<void> {
    const sessions = [this.#textEncoder, this.#unet, this.#vaeDecoder, ...(this.#adapter ? [this.#adapter] : [])];
    await Promise.all(sessions.map((session) => session.release()));
  }

  async #encodeOne(ids: Int32Array): Promise<Tensor> {
    const feeds = { input_ids: { data: ids, dims: [1, ids.length] } };
    const hidden = output(await this.#textEncoder.run(feeds, ['last_hidden_state']), 'last_hidden_state');
    assertFinite(hidden.data, 'the text encoder');
    return hidden;
  }

  /** All rows of a batch have one timestep. */
  async #predict(sample: Tensor, timestep: Tensor, sCond: Tensor): Promise<Tensor> {
    const { shape } = port(this.#unet, 'timestep');
    // Exports take a scalar, one number, or one for each row: as many as the file fixes, otherwise one, which is spread.
    const dims = shape.map((dim) => fixed(dim) ?? 1);
    const steps = { data: new Float32Array(sizeOf(dims)).fill(timestep.data[0]!), dims };
    const outputs = await this.#unet.run({ sample, timestep: steps, encoder_hidden_states: sCond }, ['out_sample']);
    const prediction = output(outputs, 'out_sample');
    if (prediction.data.length === sample.data.length) return prediction;
    throw new EngineError(
      'model-unsupported',
      `unet/model.onnx answers a latent of (${sample.dims.join(', ')}) with (${prediction.dims.join(', ')}); their sizes must agree.`,
    );
  }

  #checkWidth(width: number): void {
    const wanted = fixed(port(this.#unet, 'encoder_hidden_states').shape[2]);
    if (wanted === undefined || wanted === width) return;
    throw new EngineError(
      'model-damaged',
      `text_encoder/model.onnx gives ${width} numbers a token, unet/model.onnx reads ${wanted}: they are of different models.`,
    );
  }
}

function checkPorts({ inputs, outputs }: Session, file: string, wanted: readonly string[], answer: string): void {
  const names = (ports: readonly Port[]) => ports.map(({ name }) => name).join(', ');
  const missing = wanted.filter((name) => !inputs.some((each) => each.name === name));
  const unknown = inputs.filter(({ name }) => !wanted.includes(name));
  if (missing.length === 0 && unknown.length === 0 && outputs.some(({ name }) => name === answer)) return;
  throw new EngineError(
    'model-unsupported',
    `${file} turns ${names(inputs)} into ${names(outputs)}; ${wanted.join(', ')} into ${answer} is needed.`,
  );
}

function port({ inputs }: Session, name: string): Port {
  return inputs.find((each) => each.name === name)!;
}

/** Exporters write 0 or −1, or a name, for dimensions that may vary. */
const fixed = (dim: number | string | undefined): number | undefined =>
  typeof dim === 'number' && dim > 0 ? dim : undefined;

function rowOf({ data, dims }: Tensor, row: number): Tensor {
  const size = sizeOf(dims.slice(1));
  return { data: data.slice(row * size, (row + 1) * size), dims: [1, ...dims.slice(1)] };
}

function output(outputs: Fetches, name: string): Tensor {
  const tensor = outputs[name];
  if (tensor) return tensor;
  throw new Error(`the model gives no output "${name}"`);
}
