/** Stable Diffusion's three networks under the names of the public ONNX exports; types, widths and fixed sizes come from the sessions. */
import type { DenoiserConditioning, DenoiserInput, DiffusionNetworks } from '#diffusion/networks.ts';
import { assertFinite } from '#diffusion/sampling/non-finite.ts';
import { joined, sizeOf, type Tensor } from '#diffusion/tensor.ts';
import { EngineError } from '#engine/contract/engine-error.ts';
import {
  type Feeds,
  type Fetches,
  type ModelFile,
  type Port,
  precisionOf,
  type Runtime,
  type Session,
} from '#engine/runtime/sessions.ts';
import { adapterInputs } from './adapter-feeds.ts';
import {
  checkPorts,
  LATENT_PARAMETERS,
  LATENT_SAMPLE,
  type Signature,
  TEXT_ENCODER,
  textEncoderSignature,
  UNET,
  unetSignature,
  VAE_DECODER,
  VAE_ENCODER,
  vaeDecoderSignature,
  vaeEncoderSignature,
} from './fit.ts';
import { foreignOperatorsFault, readingBack } from './open-faults.ts';

export interface StableDiffusionModels {
  readonly textEncoder: ModelFile;
  readonly unet: ModelFile;
  readonly vaeDecoder: ModelFile;
  /** To paint over pictures. */
  readonly vaeEncoder?: ModelFile;
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
  readonly vaeEncoder: Session | undefined;
  readonly adapter: Session | undefined;
}

export class StableDiffusionNetworks implements DiffusionNetworks {
  readonly #textEncoder: Session;
  readonly #unet: Session;
  readonly #vaeDecoder: Session;
  readonly #vaeEncoder: Session | undefined;
  readonly #adapter: Session | undefined;
  readonly #scale: LatentScale;

  private constructor(sessions: Sessions, scale: LatentScale) {
    this.#adapter = sessions.adapter;
    this.#textEncoder = sessions.textEncoder;
    this.#unet = sessions.unet;
    this.#vaeDecoder = sessions.vaeDecoder;
    this.#vaeEncoder = sessions.vaeEncoder;
    this.#scale = scale;
  }

  /** @throws EngineError model-unsupported when a file has other inputs or outputs, or of the runtime when it cannot open one */
  static async open(
    runtime: Runtime,
    models: StableDiffusionModels,
    scale: LatentScale,
  ): Promise<StableDiffusionNetworks> {
    const opened: Session[] = [];
    const open = async (model: ModelFile, file: string, signature: Signature) => {
      const session = await runtime.open(model).catch(async (error: unknown) => {
        const foreign = await foreignOperatorsFault(model, file, runtime.backend, error);
        if (foreign) throw foreign;
        return readingBack(model, file, error);
      });
      opened.push(session);
      checkPorts(session, file, signature);
      return session;
    };
    try {
      // One after the other: a web runtime initialises itself in the first call, and memory has room for one being compiled.
      const textEncoder = await open(models.textEncoder, TEXT_ENCODER, textEncoderSignature);
      const unet = await open(models.unet, UNET, unetSignature);
      const vaeDecoder = await open(models.vaeDecoder, VAE_DECODER, vaeDecoderSignature);
      const vaeEncoder = models.vaeEncoder && (await open(models.vaeEncoder, VAE_ENCODER, vaeEncoderSignature));
      const adapterSignature = { inputs: ['hidden_states', ...adapterInputs], outputs: ['s_cond'] };
      const adapter = models.adapter && (await open(models.adapter, 'graph_adapter/model.onnx', adapterSignature));
      return new StableDiffusionNetworks({ textEncoder, unet, vaeDecoder, vaeEncoder, adapter }, scale);
    } catch (error) {
      await Promise.allSettled(opened.map((session) => session.release()));
      throw error;
    }
  }

  get precision(): ReturnType<typeof precisionOf> {
    return precisionOf(this.#unet);
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

  get hasEncoder(): boolean {
    return this.#vaeEncoder !== undefined;
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

  /**
   * The UNet, and the guidance that is left to do around it. One that was distilled with guidance inside, a latent consistency model's, is told the
   * scale and answers in one branch. A scale of 1 or less is none: Stable Diffusion's pipelines read it so, and SD-Turbo is asked with 0.
   */
  guided(guidanceScale: number): { readonly networks: DiffusionNetworks; readonly guidanceScale: number } {
    const isInside = hasPort(this.#unet, 'timestep_cond');
    const scale = isInside ? guidanceScale : undefined;
    const networks: DiffusionNetworks = {
      denoise: (input) => this.#denoise(input, scale),
      decode: (latent) => this.decode(latent),
    };
    return { networks, guidanceScale: isInside ? 1 : Math.max(1, guidanceScale) };
  }

  denoise(input: DenoiserInput): Promise<{ readonly prediction: Tensor }> {
    return this.#denoise(input, undefined);
  }

  async decode(latent: Tensor): Promise<Tensor> {
    const { factor, shift } = this.#scale;
    const scaled = { data: latent.data.map((value) => value / factor + shift), dims: latent.dims };
    return runRows(this.#vaeDecoder, { latent_sample: scaled }, 'sample');
  }

  /**
   * @param picture (1, 3, H, W) in [−1, 1]
   * @returns (1, C, h, w) the likeliest latent of it, scaled as the UNet knows it
   * @throws Error without an encoder, EngineError model-unsupported for one that was exported for another size
   */
  async encode(picture: Tensor): Promise<Tensor> {
    if (!this.#vaeEncoder) throw new Error('the package was opened without its VAE encoder');
    const [, , height, width] = picture.dims as [number, number, number, number];
    const [, , fixedHeight = height, fixedWidth = width] = port(this.#vaeEncoder, 'sample').shape.map(fixed);
    if (fixedHeight !== height || fixedWidth !== width) {
      const message = `${VAE_ENCODER} takes pictures of ${fixedWidth} × ${fixedHeight} alone, not of ${width} × ${height}.`;
      throw new EngineError('model-unsupported', message);
    }
    const isMoments = this.#vaeEncoder.outputs.some(({ name }) => name === LATENT_PARAMETERS);
    const name = isMoments ? LATENT_PARAMETERS : LATENT_SAMPLE;
    const { data, dims } = await runRows(this.#vaeEncoder, { sample: picture }, name);
    const [batch, channels, ...sides] = dims as [number, number, ...number[]];
    // The first half is the mean.
    const latentDims = [batch, isMoments ? channels / 2 : channels, ...sides];
    const { factor, shift } = this.#scale;
    const latent = data.slice(0, sizeOf(latentDims)).map((value) => (value - shift) * factor);
    return { data: latent, dims: latentDims };
  }

  async release(): Promise<void> {
    const sessions = [this.#textEncoder, this.#unet, this.#vaeDecoder, this.#vaeEncoder, this.#adapter];
    await Promise.all(sessions.map((session) => session?.release()));
  }

  async #encodeOne(ids: Int32Array): Promise<Tensor> {
    const feeds = { input_ids: { data: ids, dims: [1, ids.length] } };
    const hidden = await runRows(this.#textEncoder, feeds, 'last_hidden_state');
    assertFinite(hidden.data, 'the text encoder');
    return hidden;
  }

  /** All rows of a batch have one timestep. @param guidanceScale for a UNet that is told it */
  async #denoise(
    { sample, timestep, sCond }: DenoiserInput,
    guidanceScale: number | undefined,
  ): Promise<{ readonly prediction: Tensor }> {
    const rows = sample.dims[0]!;
    const cond = guidanceScale === undefined ? undefined : guidanceEmbedding(guidanceScale, this.#guidanceWidth());
    const feeds = {
      sample,
      encoder_hidden_states: sCond,
      ...(cond && { timestep_cond: { data: joined(new Array(rows).fill(cond)), dims: [rows, cond.length] } }),
    };
    // Exports take a scalar, one number, or one for each row: as many as the file fixes, otherwise one, which is spread.
    const dims = port(this.#unet, 'timestep').shape.map((dim) => fixed(dim) ?? 1);
    const steps = { data: new Float32Array(sizeOf(dims)).fill(timestep.data[0]!), dims };
    const prediction = await runRows(this.#unet, feeds, 'out_sample', { timestep: steps });
    if (prediction.data.length === sample.data.length) return { prediction };
    throw new EngineError(
      'model-unsupported',
      `unet/model.onnx answers a latent of (${sample.dims.join(', ')}) with (${prediction.dims.join(', ')}); their sizes must agree.`,
    );
  }

  #guidanceWidth(): number {
    return fixed(port(this.#unet, 'timestep_cond').shape[1]) ?? GUIDANCE_WIDTH;
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

/** Of Luo et al.'s latent consistency models. */
const GUIDANCE_WIDTH = 256;

/**
 * What a latent consistency model is told of its guidance scale: sines, then cosines, of 1000 · (scale − 1) at falling frequencies, as diffusers has
 * them (Luo et al. 2023, section 4.2; Vaswani et al. 2017, section 3.5).
 * @param width even
 */
function guidanceEmbedding(guidanceScale: number, width: number): Float32Array<ArrayBuffer> {
  const half = width / 2;
  const angles = Array.from({ length: half }, (_, i) => 1000 * (guidanceScale - 1) * 10_000 ** (-i / (half - 1)));
  return Float32Array.from([...angles.map(Math.sin), ...angles.map(Math.cos)]);
}

/**
 * Rows through a network, in as many calls as one that was exported for a fixed number of rows takes. The last call is filled up with copies of
 * its last row, whose answers are dropped.
 * @param feeds tensors with one entry for each row
 * @param shared what every call is told
 */
async function runRows(
  session: Session,
  feeds: Readonly<Record<string, Tensor | Tensor<Int32Array>>>,
  answer: string,
  shared: Feeds = {},
): Promise<Tensor> {
  const [[first, { dims }]] = Object.entries(feeds) as [[string, Tensor]];
  const rows = dims[0]!;
  const fixedRows = fixed(port(session, first).shape[0]);
  if (fixedRows === undefined || fixedRows === rows) {
    return output(await session.run({ ...feeds, ...shared }, [answer]), answer);
  }
  const parts: Float32Array[] = [];
  let shape: readonly number[] = [];
  for (let row = 0; row < rows; row += fixedRows) {
    const wanted = Array.from({ length: fixedRows }, (_, i) => Math.min(row + i, rows - 1));
    const part = Object.entries(feeds).map(([name, tensor]) => [name, rowsOf(tensor, wanted)]);
    const { data, dims: answered } = output(
      await session.run({ ...Object.fromEntries(part), ...shared }, [answer]),
      answer,
    );
    const useful = Math.min(fixedRows, rows - row);
    parts.push(data.subarray(0, (data.length / fixedRows) * useful));
    shape = answered.slice(1);
  }
  return { data: joined(parts), dims: [rows, ...shape] };
}

function rowsOf({ data, dims }: Tensor | Tensor<Int32Array>, rows: readonly number[]): Feeds[string] {
  const size = sizeOf(dims.slice(1));
  const pick = <Data extends Float32Array | Int32Array>(from: Data, to: Data): Tensor<Data> => {
    for (const [at, row] of rows.entries()) to.set(from.subarray(row * size, (row + 1) * size), at * size);
    return { data: to, dims: [rows.length, ...dims.slice(1)] };
  };
  const length = rows.length * size;
  return data instanceof Int32Array ? pick(data, new Int32Array(length)) : pick(data, new Float32Array(length));
}

const hasPort = ({ inputs }: Session, name: string): boolean => inputs.some((each) => each.name === name);

function port({ inputs }: Session, name: string): Port {
  return inputs.find((each) => each.name === name)!;
}

/** Exporters write 0 or −1, or a name, for dimensions that may vary. */
const fixed = (dim: number | string | undefined): number | undefined =>
  typeof dim === 'number' && dim > 0 ? dim : undefined;

function output(outputs: Fetches, name: string): Tensor {
  const tensor = outputs[name];
  if (tensor) return tensor;
  throw new Error(`the model gives no output "${name}"`);
}
