/**
 * The only seam of the product: three networks behind one small interface. The browser's worker, the Node command line and
 * the tests all pass through it. B = batch, O = objects, T = triples, S = conditioning tokens (s-cond.ts), D = their width.
 */
import type { Tensor } from './tensor.ts';

/** What the graph encoder reads: one or more scene graphs, padded to common O and T. */
export interface GraphTokens {
  /** (B, O, W) mean word vector of each label, unit length; zeros where padded. */
  readonly objectVectors: Tensor;
  /** (B, O, W) mean word vector of each object's attributes, zeros without any. */
  readonly attributeVectors: Tensor;
  /** (B, O) 1 for an object, 0 for padding. */
  readonly objectMask: Tensor;
  /** (B, T) index into the manifest's predicates; 0 where padded. */
  readonly predicates: Tensor<Int32Array>;
  /** (B, T, O) one-hot place of the subject; zeros where padded. */
  readonly subjects: Tensor;
  /** (B, T, O) one-hot place of the object; zeros where padded. */
  readonly objects: Tensor;
  /** (B, T) 1 for a relation, 0 for padding. T ≥ 1 even for a graph without relations. */
  readonly relationMask: Tensor;
  /** (B) index into the manifest's styles; styles.length = "any". */
  readonly style: Tensor<Int32Array>;
}

/** What the denoiser is told of the graph. */
export interface DenoiserConditioning {
  /** (B, S, D) */
  readonly sCond: Tensor;
  /** (B, S) 1 for a token, 0 for padding. All zeros = the unconditional branch: the denoiser then sees its null token alone. */
  readonly mask: Tensor;
  /** (1, S, D) the unconditional branch of a denoiser that has no null token of its own: the empty prompt's, for Stable Diffusion. */
  readonly unconditional?: Tensor;
  /** What the same graph without its relations says, same S: for guidance that amplifies relations otherwise than objects. */
  readonly withoutRelations?: { readonly sCond: Tensor; readonly mask: Tensor };
}

/** What the graph encoder says; S in the order of s-cond.ts. */
export interface Conditioning extends DenoiserConditioning {
  /** (B, C) G_global in CLIP's image-feature space, unit length. */
  readonly gGlobal: Tensor;
}

export interface DenoiserInput {
  /** (B, C, h, w) the noisy latent, already scaled by the parametrisation. */
  readonly sample: Tensor;
  /** (B) the network's own measure of the noise level, from the parametrisation. */
  readonly timestep: Tensor;
  /** (B, S, D) */
  readonly sCond: Tensor;
  /** (B, S) */
  readonly mask: Tensor;
}

export interface DenoiserOutput {
  /** (B, C, h, w) in whatever parametrisation the manifest names. */
  readonly prediction: Tensor;
  /** (B, S, h·w) cross-attention averaged over heads and layers; each pixel's weights over S sum to at most 1. */
  readonly attention: Tensor;
}

/** The part of the way that no graph is needed for. */
export interface DiffusionNetworks {
  /** A denoiser that was not made for it, like Stable Diffusion's, has no attention to show. */
  denoise(input: DenoiserInput): Promise<Omit<DenoiserOutput, 'attention'> & { readonly attention?: Tensor }>;
  /** The same by a denoiser that was taught to paint in few passes, with guidance in what it says; of models that have one. */
  readonly student?: DiffusionNetworks['denoise'];
  /** (B, C, h, w) latent → (B, 3, H, W) picture in [−1, 1]. */
  decode(latent: Tensor): Promise<Tensor>;
}

export interface Networks extends DiffusionNetworks {
  encodeGraph(tokens: GraphTokens): Promise<Conditioning>;
  denoise(input: DenoiserInput): Promise<DenoiserOutput>;
  readonly student?: Networks['denoise'];
}
