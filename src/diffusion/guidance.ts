/**
 * From the network's prediction to the sampler's contract, with classifier-free guidance (Ho and Salimans 2022):
 *
 *   denoised = unconditional + guidanceScale · (conditional − unconditional)
 *
 * The unconditional branch masks every token of S_cond, G_global included, so guidance amplifies relations as well as labels.
 */
import type { Conditioning, Networks } from './networks.ts';
import { assertFinite } from './non-finite.ts';
import type { Denoise, Parametrisation } from './parametrisation.ts';
import { sizeOf, type Tensor } from './tensor.ts';

export interface GuidanceOptions {
  readonly networks: Pick<Networks, 'denoise'>;
  readonly parametrisation: Parametrisation;
  /** Of one graph: B = 1. */
  readonly conditioning: Conditioning;
  /** (C, h, w) */
  readonly latentDims: readonly number[];
  /** 1 = the graph alone (one branch), 0 = no graph (one branch), above 1 = amplified (two branches in one network call). */
  readonly guidanceScale: number;
}

export interface GuidedDenoiser {
  readonly denoise: Denoise;
  /** (S, h·w) cross-attention of the conditional branch, averaged over the calls so far; zeros without that branch. */
  attention(): Tensor;
}

/** @throws NonFiniteError from `denoise` when the network's prediction is not finite */
export function createGuidedDenoiser(options: GuidanceOptions): GuidedDenoiser {
  const { networks, parametrisation, conditioning, latentDims, guidanceScale } = options;
  const size = sizeOf(latentDims);
  const branches = branchesFor(guidanceScale);
  const sCond = repeat(conditioning.sCond, branches.length);
  const mask = maskFor(branches, conditioning.mask);
  const [, tokens = 0] = conditioning.mask.dims;
  const pixels = sizeOf(latentDims.slice(1));
  const attentionSum = new Float32Array(tokens * pixels);
  let calls = 0;

  const denoise: Denoise = async (x, sigma) => {
    const c = parametrisation.coefficients(sigma);
    const scaled = x.map((value) => c.in * value);
    const { prediction, attention } = await networks.denoise({
      sample: repeat({ data: scaled, dims: [1, ...latentDims] }, branches.length),
      timestep: { data: new Float32Array(branches.length).fill(c.timestep), dims: [branches.length] },
      sCond,
      mask,
    });
    // Guidance is linear and skip · x is common to both branches, so it may be applied to F.
    const F = branches.map((_, b) => prediction.data.subarray(b * size, (b + 1) * size));
    const guided = F.length === 2 ? F[1]!.map((without, i) => without + guidanceScale * (F[0]![i]! - without)) : F[0]!;
    assertFinite(guided, `the denoiser at sigma ${sigma}`);
    if (branches[0] === 'conditional') addTo(attentionSum, attention);
    calls++;
    return x.map((value, i) => c.skip * value + c.out * guided[i]!);
  };

  const attention = (): Tensor => ({
    data: attentionSum.map((sum) => (calls === 0 ? 0 : sum / calls)),
    dims: [tokens, pixels],
  });
  return { denoise, attention };
}

type Branch = 'conditional' | 'unconditional';

/** The conditional branch comes first, so that its attention is the first part of the output. */
function branchesFor(guidanceScale: number): readonly Branch[] {
  if (guidanceScale === 1) return ['conditional'];
  if (guidanceScale === 0) return ['unconditional'];
  return ['conditional', 'unconditional'];
}

function maskFor(branches: readonly Branch[], mask: Tensor): Tensor {
  const rows = branches.map((branch) => (branch === 'conditional' ? mask.data : new Float32Array(mask.data.length)));
  return { data: Float32Array.from(rows.flatMap((row) => [...row])), dims: [branches.length, ...mask.dims.slice(1)] };
}

/** (1, …) → (times, …) */
function repeat(tensor: Tensor, times: number): Tensor {
  if (times === 1) return tensor;
  const data = new Float32Array(tensor.data.length * times);
  for (let i = 0; i < times; i++) data.set(tensor.data, i * tensor.data.length);
  return { data, dims: [times, ...tensor.dims.slice(1)] };
}

/** Adds the first row of (B, S, h·w). */
function addTo(sum: Float32Array, attention: Tensor): void {
  const [, tokens = 0, pixels = 0] = attention.dims;
  if (tokens * pixels !== sum.length) {
    throw new RangeError(
      `the denoiser's attention is (${attention.dims}), which does not give ${sum.length} weights per picture`,
    );
  }
  for (let i = 0; i < sum.length; i++) sum[i]! += attention.data[i]!;
}
