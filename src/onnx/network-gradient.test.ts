/** One whole network, end to end: every parameter's gradient against central differences of the loss that ONNX Runtime computes. */
import { expect, test } from 'vitest';
import { between, checkGradients } from './gradient-check.fixture.ts';
import type { Value } from './graph.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { silu, softmax } from './ops/activation.ts';
import { add, mul, scale, square, sub } from './ops/arithmetic.ts';
import { conv2d } from './ops/convolution.ts';
import { concat, reshape, transpose } from './ops/layout.ts';
import { matMul } from './ops/matrix.ts';
import { groupNorm, layerNorm } from './ops/normalization.ts';
import { averagePool, upsampleNearest } from './ops/pooling.ts';
import { meanAll } from './ops/reduction.ts';

const [BATCH, CHANNELS, SIDE, WIDTH, HEADS, WORDS] = [2, 4, 4, 6, 2, 3];
const PATCHES = (SIDE / 2) ** 2;

const shapes = {
  picture: [BATCH, 3, SIDE, SIDE],
  words: [BATCH, WORDS, WIDTH],
  'in.weight': [CHANNELS, 3, 3, 3],
  'in.bias': [CHANNELS],
  'norm.gain': [CHANNELS],
  'norm.bias': [CHANNELS],
  'patches.weight': [CHANNELS, WIDTH],
  'places.value': [1, PATCHES, WIDTH],
  'attention.gain': [WIDTH],
  'attention.bias': [WIDTH],
  'attention.query': [WIDTH, WIDTH],
  'attention.key': [WIDTH, WIDTH],
  'attention.value': [WIDTH, WIDTH],
  'attention.out': [WIDTH, WIDTH],
  'mlp.gain': [WIDTH],
  'mlp.bias': [WIDTH],
  'mlp.1': [WIDTH, 2 * WIDTH],
  'mlp.1.bias': [2 * WIDTH],
  'mlp.2': [2 * WIDTH, WIDTH],
  'pixels.weight': [WIDTH, CHANNELS],
  'out.weight': [3, 2 * CHANNELS, 3, 3],
  'out.bias': [3],
} as const;

type Parameters = Record<keyof typeof shapes, Value>;

/** Convolution → patches → cross-attention and SiLU MLP with layer norms → convolution over the skip → mean squared error. */
function hybridLoss(g: GraphBuilder, p: Parameters): Value {
  const picture = conv2d(g, p.picture, p['in.weight'], { padding: 1, bias: p['in.bias'] });
  const features = silu(g, groupNorm(g, picture, 2, p['norm.gain'], p['norm.bias']));
  const pooled = averagePool(g, features, 2);
  const flat = transpose(g, reshape(g, pooled, [BATCH, CHANNELS, PATCHES]), [0, 2, 1]);
  let tokens = add(g, matMul(g, flat, p['patches.weight']), p['places.value']);
  tokens = add(g, tokens, crossAttention(g, p, layerNorm(g, tokens, p['attention.gain'], p['attention.bias'])));
  const normal = layerNorm(g, tokens, p['mlp.gain'], p['mlp.bias']);
  tokens = add(g, tokens, matMul(g, silu(g, add(g, matMul(g, normal, p['mlp.1']), p['mlp.1.bias'])), p['mlp.2']));
  const pixels = transpose(g, matMul(g, tokens, p['pixels.weight']), [0, 2, 1]);
  const grown = upsampleNearest(g, reshape(g, pixels, [BATCH, CHANNELS, SIDE / 2, SIDE / 2]), 2);
  const out = conv2d(g, concat(g, [grown, features], 1), p['out.weight'], { padding: 1, bias: p['out.bias'] });
  return meanAll(g, square(g, sub(g, out, p.picture)));
}

function crossAttention(g: GraphBuilder, p: Parameters, query: Value): Value {
  const depth = WIDTH / HEADS;
  const heads = (x: Value, weight: Value, order: readonly number[]) =>
    transpose(g, reshape(g, matMul(g, x, weight), [BATCH, x.shape[1]!, HEADS, depth]), order);
  const q = scale(g, heads(query, p['attention.query'], [0, 2, 1, 3]), 1 / Math.sqrt(depth));
  const k = heads(p.words, p['attention.key'], [0, 2, 3, 1]);
  const v = heads(p.words, p['attention.value'], [0, 2, 1, 3]);
  const mixed = matMul(g, softmax(g, matMul(g, q, k)), v);
  return matMul(g, reshape(g, transpose(g, mixed, [0, 2, 1, 3]), [BATCH, PATCHES, WIDTH]), p['attention.out']);
}

test.each([1, 2, 3])('all gradients of a hybrid of convolutions and a transformer, start %i', async (seed) => {
  const operators = await checkGradients({
    inputs: Object.values(shapes),
    seed,
    draw: between(-0.7, 0.7),
    build(g, values) {
      const named = Object.fromEntries(Object.keys(shapes).map((name, index) => [name, values[index]])) as Parameters;
      // Scaled, so that the differences stand out from the rounding of the mean.
      return mul(g, hybridLoss(g, named), g.scalar(10));
    },
  });
  expect(operators).toEqual(expect.arrayContaining(['Conv', 'LayerNormalization', 'Softmax', 'MatMul', 'Resize']));
});
