/** Losses as graphs. */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { logSoftmax, softplus } from '#onnx/ops/activation.ts';
import { add, exp, mul, scale, square, sub, sumOf } from '#onnx/ops/arithmetic.ts';
import { reshape, slice, transpose } from '#onnx/ops/layout.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { meanAll, reduceSum, sumAll } from '#onnx/ops/reduction.ts';

/** Mean |a − b|. */
export const l1 = (g: GraphBuilder, a: Value, b: Value): Value => meanAll(g, g.one('Abs', [sub(g, a, b)]));
/** Mean (a − b)². */
export const l2 = (g: GraphBuilder, a: Value, b: Value): Value => meanAll(g, square(g, sub(g, a, b)));

/** Mean |∂a − ∂b| over horizontal and vertical differences of (B, C, H, W): what makes edges crisp. */
export function edgeLoss(g: GraphBuilder, a: Value, b: Value): Value {
  const d = sub(g, a, b);
  const [, , h, w] = d.shape as [number, number, number, number];
  const across = sub(g, slice(g, d, [3], [1], [w]), slice(g, d, [3], [0], [w - 1]));
  const down = sub(g, slice(g, d, [2], [1], [h]), slice(g, d, [2], [0], [h - 1]));
  return add(g, meanAll(g, g.one('Abs', [across])), meanAll(g, g.one('Abs', [down])));
}

/** Element-wise binary cross-entropy with logits against targets in [0, 1]: softplus(x) − x·t. */
export function binaryCrossEntropy(g: GraphBuilder, logits: Value, targets: Value): Value {
  return sub(g, softplus(g, logits), mul(g, logits, targets));
}

/** Symmetric InfoNCE (Radford et al. 2021) of unit features (B, C) at a learned temperature e^−logScale. */
export function infoNce(g: GraphBuilder, a: Value, b: Value, logScale: Value): Value {
  const [batch] = a.shape as [number];
  const scores = mul(g, matMul(g, a, transpose(g, b, [1, 0])), exp(g, logScale));
  const diagonal = new Float32Array(batch * batch);
  for (let i = 0; i < batch; i++) diagonal[i * batch + i] = -0.5 / batch;
  const pick = g.constant({ type: 'float32', shape: [batch, batch], data: diagonal });
  const both = add(g, logSoftmax(g, scores, 1), logSoftmax(g, scores, 0));
  return sumAll(g, mul(g, both, pick));
}

const MMD_BANDWIDTHS = [10, 15, 20, 50];

/**
 * Biased squared maximum mean discrepancy (Gretton et al. 2012) of (B, C) and (B, C) under Σ_a exp(−½‖·‖²/a),
 * a ∈ {10, 15, 20, 50}, as in the authors' code.
 */
export function mmd(g: GraphBuilder, x: Value, y: Value): Value {
  const kernelMean = (a: Value, b: Value): Value => {
    const [n] = a.shape as [number];
    const [m] = b.shape as [number];
    const aa = reshape(g, reduceSum(g, square(g, a), [1]), [n, 1]);
    const bb = reshape(g, reduceSum(g, square(g, b), [1]), [1, m]);
    const distance = sub(g, add(g, aa, bb), scale(g, matMul(g, a, transpose(g, b, [1, 0])), 2));
    return meanAll(
      g,
      sumOf(
        g,
        MMD_BANDWIDTHS.map((bandwidth) => exp(g, scale(g, distance, -0.5 / bandwidth))),
      ),
    );
  };
  return sub(g, add(g, kernelMean(x, x), kernelMean(y, y)), scale(g, kernelMean(x, y), 2));
}
