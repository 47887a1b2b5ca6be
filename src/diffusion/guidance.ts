/**
 * From the network's prediction to the sampler's contract, with classifier-free guidance (Ho and Salimans 2022):
 *
 *   denoised = unconditional + guidanceScale · (conditional − unconditional)
 *
 * The unconditional branch masks every token of S_cond, G_global included, so guidance amplifies relations as well as labels. A denoiser
 * without a null token of its own is told in its place what the conditioning has for it.
 */
import type { DenoiserConditioning, DiffusionNetworks } from './networks.ts';
import { assertFinite } from './non-finite.ts';
import type { Denoise, Parametrisation } from './parametrisation.ts';
import { sizeOf, type Tensor } from './tensor.ts';

export interface GuidanceOptions {
  readonly networks: Pick<DiffusionNetworks, 'denoise'>;
  readonly parametrisation: Parametrisation;
  /** Of one graph: B = 1. */
  readonly conditioning: DenoiserConditioning;
  /** (C, h, w) */
  readonly latentDims: readonly number[];
  /** 1 = the graph alone (one branch), 0 = no graph (one branch), above 1 = amplified (two branches in one network call). */
  readonly guidanceScale: number;
}

export interface GuidedDenoiser {
  readonly denoise: Denoise;
  /** (S, h·w) cross-attention of the conditional branch, averaged over the calls so far; zeros without that branch or its attention. */
  attention(): Tensor;
}

/** @throws NonFiniteError from `denoise` when the network's prediction is not finite */
export function createGuidedDenoiser(options: GuidanceOptions): GuidedDenoiser {
  const { networks, parametrisation, conditioning, latentDims, guidanceScale } = options;
  const size = sizeOf(latentDims);
  const branches = branchesFor(guidanceScale);
  const sCond = stack(branches.map((branch) => sCondFor(branch, conditioning)));
  const mask = maskFor(branches, conditioning);
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
    if (branches[0] === 'conditional' && attention) addTo(attentionSum, attention);
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

const sCondFor = (branch: Branch, { sCond, unconditional }: DenoiserConditioning): Tensor =>
  (branch === 'unconditional' && unconditional) || sCond;

function maskFor(branches: readonly Branch[], { mask, unconditional }: DenoiserConditioning): Tensor {
  const isSeen = (branch: Branch): boolean => branch === 'conditional' || unconditional !== undefined;
  const rows = branches.map((branch) => (isSeen(branch) ? mask.data : new Float32Array(mask.data.length)));
  return { data: Float32Array.from(rows.flatMap((row) => [...row])), dims: [branches.length, ...mask.dims.slice(1)] };
}

/** (1, …) → (times, …) */
const repeat = (tensor: Tensor, times: number): Tensor => stack(new Array<Tensor>(times).fill(tensor));

/** Rows (1, …) of one shape → (rows, …) */
function stack(rows: readonly Tensor[]): Tensor {
  const [first] = rows;
  if (rows.length === 1) return first!;
  const size = first!.data.length;
  const data = new Float32Array(size * rows.length);
  for (const [i, row] of rows.entries()) data.set(row.data, i * size);
  return { data, dims: [rows.length, ...first!.dims.slice(1)] };
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
