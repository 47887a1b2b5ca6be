/**
 * Lets several pictures share one network call. Each picture still runs the pipeline's own code, one `paint` per graph; what they
 * ask of the denoiser and the decoder is held back until everyone waits, and then asked at once. On a processor a batch of 8 is
 * several times faster than 8 calls.
 */
import type { DenoiserInput, DenoiserOutput, Networks } from '#diffusion/networks.ts';
import type { Tensor } from '#diffusion/tensor.ts';

interface Waiting<Input, Output> {
  readonly input: Input;
  readonly resolve: (output: Output) => void;
  readonly reject: (reason: unknown) => void;
}

/** A meeting point: `painters` is how many are on their way; nothing is computed before each of them waits or has left. */
export class BatchedNetworks implements Networks {
  readonly #inner: Networks;
  readonly student?: Networks['denoise'];
  readonly #denoising: Waiting<DenoiserInput, DenoiserOutput>[] = [];
  readonly #studying: Waiting<DenoiserInput, DenoiserOutput>[] = [];
  readonly #decoding: Waiting<Tensor, Tensor>[] = [];
  #painters = 0;
  #waiting = 0;

  constructor(inner: Networks) {
    this.#inner = inner;
    if (inner.student) this.student = (input) => this.#wait(this.#studying, input);
  }

  /** Announces all jobs before the first one starts, so that the first call already waits for the last job. */
  async together<Result>(jobs: readonly ((networks: Networks) => Promise<Result>)[]): Promise<Result[]> {
    this.#painters += jobs.length;
    const results = await Promise.allSettled(jobs.map((job) => this.#attend(job)));
    return results.map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    });
  }

  /** Not batched: it runs once per picture, and graphs differ in size. */
  async encodeGraph(tokens: Parameters<Networks['encodeGraph']>[0]): ReturnType<Networks['encodeGraph']> {
    return this.#inner.encodeGraph(tokens);
  }

  denoise(input: DenoiserInput): Promise<DenoiserOutput> {
    return this.#wait(this.#denoising, input);
  }

  decode(latent: Tensor): Promise<Tensor> {
    return this.#wait(this.#decoding, latent);
  }

  async #attend<Result>(job: (networks: Networks) => Promise<Result>): Promise<Result> {
    try {
      return await job(this);
    } finally {
      this.#painters--;
      this.#startIfAllWait();
    }
  }

  #wait<Input, Output>(queue: Waiting<Input, Output>[], input: Input): Promise<Output> {
    return new Promise((resolve, reject) => {
      queue.push({ input, resolve, reject });
      this.#waiting++;
      this.#startIfAllWait();
    });
  }

  #startIfAllWait(): void {
    if (this.#waiting === 0 || this.#waiting < this.#painters) return;
    const denoising = this.#denoising.splice(0);
    const studying = this.#studying.splice(0);
    const decoding = this.#decoding.splice(0);
    this.#waiting = 0;
    const { denoise, student } = this.#inner;
    if (denoising.length > 0) void answer(denoising, (inputs) => denoiseAll(denoise.bind(this.#inner), inputs));
    if (studying.length > 0 && student) void answer(studying, (inputs) => denoiseAll(student, inputs));
    if (decoding.length > 0) void answer(decoding, (inputs) => this.#decodeAll(inputs));
  }

  async #decodeAll(latents: readonly Tensor[]): Promise<Tensor[]> {
    return unstack(
      await this.#inner.decode(stack(latents)),
      latents.map(({ dims }) => dims[0]!),
    );
  }
}

async function denoiseAll(denoise: Networks['denoise'], inputs: readonly DenoiserInput[]): Promise<DenoiserOutput[]> {
  const tokens = Math.max(...inputs.map(({ mask }) => mask.dims[1]!));
  const { prediction, attention } = await denoise({
    sample: stack(inputs.map(({ sample }) => sample)),
    timestep: stack(inputs.map(({ timestep }) => timestep)),
    sCond: stack(inputs.map(({ sCond }) => resizeAxis1(sCond, tokens))),
    mask: stack(inputs.map(({ mask }) => resizeAxis1(mask, tokens))),
  });
  const rows = inputs.map(({ sample }) => sample.dims[0]!);
  const predictions = unstack(prediction, rows);
  const attentions = unstack(attention, rows);
  return inputs.map(({ mask }, i) => ({
    prediction: predictions[i]!,
    attention: resizeAxis1(attentions[i]!, mask.dims[1]!),
  }));
}

async function answer<Input, Output>(
  waiting: readonly Waiting<Input, Output>[],
  run: (inputs: readonly Input[]) => Promise<readonly Output[]>,
): Promise<void> {
  try {
    const outputs = await run(waiting.map(({ input }) => input));
    for (const [i, { resolve }] of waiting.entries()) resolve(outputs[i]!);
  } catch (reason) {
    for (const { reject } of waiting) reject(reason);
  }
}

/** Joins along the first axis; the other dimensions must agree. */
function stack(tensors: readonly Tensor[]): Tensor {
  const rows = tensors.reduce((sum, { dims }) => sum + dims[0]!, 0);
  const data = new Float32Array(tensors.reduce((sum, tensor) => sum + tensor.data.length, 0));
  let at = 0;
  for (const tensor of tensors) {
    data.set(tensor.data, at);
    at += tensor.data.length;
  }
  return { data, dims: [rows, ...tensors[0]!.dims.slice(1)] };
}

/** The inverse of `stack`, given the first dimension of each part. */
function unstack(tensor: Tensor, rows: readonly number[]): Tensor[] {
  const rowSize = tensor.data.length / tensor.dims[0]!;
  let at = 0;
  return rows.map((count) => {
    const data = tensor.data.slice(at * rowSize, (at + count) * rowSize);
    at += count;
    return { data, dims: [count, ...tensor.dims.slice(1)] };
  });
}

/** (B, S, …) → (B, size, …): zeros at the end, which the mask marks as padding, or the end cut off. */
function resizeAxis1(tensor: Tensor, size: number): Tensor {
  const [batch = 0, from = 0, ...rest] = tensor.dims;
  if (from === size) return tensor;
  const inner = rest.reduce((product, dim) => product * dim, 1);
  const data = new Float32Array(batch * size * inner);
  for (let b = 0; b < batch; b++) {
    const row = tensor.data.subarray(b * from * inner, (b * from + Math.min(from, size)) * inner);
    data.set(row, b * size * inner);
  }
  return { data, dims: [batch, size, ...rest] };
}
