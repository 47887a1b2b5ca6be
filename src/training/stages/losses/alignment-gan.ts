/**
 * The GAN that aligns a graph encoder with CLIP (paper, section 3.4): real samples are CLIP's features of pictures, fakes are G_global. Numbers of the
 * authors' code: BCE, non-saturating, Adam 2e-4 with betas 0.5 and 0.999, dropout 0.3. That code pushes both through linear maps drawn anew
 * at every step, which no discriminator can learn from; here it sees them as they are.
 */
import type { NoiseSource } from '#diffusion/sampling/noise.ts';
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { softplus } from '#onnx/ops/activation.ts';
import { add, mul, neg, scale } from '#onnx/ops/arithmetic.ts';
import { meanAll, reduceSum } from '#onnx/ops/reduction.ts';
import { discriminator, dropoutWidths } from '#training/networks/discriminator.ts';
import { FEATURE_SCALE } from '#training/run/model-config.ts';
import { defaultLoop } from '#training/trainer/train-loop.ts';
import type { Feeds } from '#training/trainer/training-step.ts';
import { mmd } from './losses.ts';

const DROPOUT = 0.3;

export const ganLoop = {
  ...defaultLoop,
  learningRate: 2e-4,
  betas: [0.5, 0.999],
  weightDecay: 0,
  clip: 10,
  finalRate: 1,
  emaDecay: 0.99,
} as const;

/** Numbers, but for what was seen, which is (B, 1) logits of "a CLIP image feature". */
export interface AlignmentGan {
  /** What the discriminator goes downhill on, and the encoder. */
  readonly judge: Value;
  readonly fooling: Value;
  /** L_MMD of the batch. */
  readonly discrepancy: Value;
  /** Mean cosine of G_global and the feature of its own picture. */
  readonly cosine: Value;
  readonly fakeSeen: Value;
  readonly realSeen: Value;
}

/** @param gGlobal (B, C) of unit length, as @param real (B, C), CLIP's features of the same pictures */
export function alignmentGan(g: GraphBuilder, gGlobal: Value, real: Value): AlignmentGan {
  const batch = real.shape[0]!;
  const seen = (side: string, features: Value) => {
    const [wide, narrow] = dropoutWidths.map((width, layer) => g.input(`dropout.${side}.${layer}`, [batch, width]));
    return discriminator(g, features, [wide!, narrow!]);
  };
  const fakeSeen = seen('fake', gGlobal);
  const realSeen = seen('real', real);
  return {
    judge: add(g, meanAll(g, softplus(g, neg(g, realSeen))), meanAll(g, softplus(g, fakeSeen))),
    fooling: meanAll(g, softplus(g, neg(g, fakeSeen))),
    discrepancy: mmd(g, scale(g, gGlobal, FEATURE_SCALE), scale(g, real, FEATURE_SCALE)),
    cosine: meanAll(g, reduceSum(g, mul(g, gGlobal, real), [1])),
    fakeSeen,
    realSeen,
  };
}

/** What dropout lets through, for the inputs that `alignmentGan` declares. */
export function dropoutFeeds(random: NoiseSource, batch: number): Feeds {
  const mask = (width: number) =>
    Float32Array.from({ length: batch * width }, () => (random.uniform() < DROPOUT ? 0 : 1 / (1 - DROPOUT)));
  return Object.fromEntries(
    ['fake', 'real'].flatMap((side) => dropoutWidths.map((width, layer) => [`dropout.${side}.${layer}`, mask(width)])),
  );
}
