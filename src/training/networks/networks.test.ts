/** The networks as they are exported, run by ONNX Runtime with other batch and token counts than they were built with. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GraphTokens } from '#diffusion/networks.ts';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import type { Tensor } from '#diffusion/tensor.ts';
import { buildGraphTokens, type TokenGraph } from '#diffusion/tokens.ts';
import { OnnxNetworks } from '#engine/picturebook/onnx-networks.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { writeOnnx } from '#onnx/file/onnx-file.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add } from '#onnx/ops/arithmetic.ts';
import {
  clipImageModel,
  decoderModel,
  denoiserModel,
  graphEncoderModel,
  verifierModel,
} from '#training/package/package-models.ts';
import { decoderConfig, denoiserConfig, graphEncoderConfig, seenSize } from '#training/run/model-config.ts';
import { smallConfig, smallContext } from '#training/run/small-context.fixture.ts';
import { initializeParameters } from '#training/trainer/training-step.ts';
import { LATENT_CHANNELS, LATENT_SIDE } from './autoencoder.ts';
import { clipImageTower } from './clip.ts';
import { decoder } from './decoder/decoder.ts';
import { denoiser, denoiserInputs } from './denoiser.ts';
import { encodeGraph, type Fusion, fuse, graphInputs } from './graph-encoder.ts';
import { verifier } from './verifier.ts';

const context = smallContext(mkdtempSync(join(tmpdir(), 'sgraffito-')));
const { world, tokenSpec } = context;
const CHANNELS = LATENT_CHANNELS;
const SIDE = LATENT_SIDE;
const LATENT = CHANNELS * SIDE * SIDE;
const D = smallConfig.denoiser.tokenWidth;
const fill = (of: (i: number) => number) => Array.from({ length: CHANNELS }, (_, i) => of(i));
const statistics = { mean: fill((i) => 0.1 * Math.sin(i)), scale: 1.5, deviations: fill((i) => 1 + 0.6 * Math.cos(i)) };
const weights = movedWeights();

/** Away from the start, where gates and last layers are zero and much would hold trivially. */
function movedWeights(): Map<string, Float32Array> {
  const g = new GraphBuilder();
  const inputs = graphInputs(g, tokenSpec.embedding.width, 1, 2, 2);
  const encoder = graphEncoderConfig(context);
  const encoded = encodeGraph(g, encoder, smallConfig.clip, inputs);
  for (const fusion of ['full', 'interleaved', 'words'] as const)
    fuse(g, { ...encoder, fusion }, smallConfig.clip, inputs, encoded);
  const shape = denoiserConfig(context, statistics);
  denoiser(g, shape, denoiserInputs(g, shape, 1, 6));
  const image = g.input('image', [1, 3, seenSize(smallConfig), seenSize(smallConfig)]);
  decoder(g, decoderConfig(smallConfig), g.input('latent', [1, CHANNELS, SIDE, SIDE]));
  verifier(g, smallConfig.verifier, image);
  clipImageTower(g, smallConfig.clip, image);
  const noise = seededNoise(11);
  const start = initializeParameters(g, 1);
  return new Map([...start].map(([name, data]) => [name, data.map((value) => value + 0.1 * noise.normal())]));
}

function open(fusion?: Fusion): Promise<OnnxNetworks> {
  return OnnxNetworks.open(nodeRuntime, {
    graphEncoder: graphEncoderModel(context, weights, false, fusion),
    denoiser: denoiserModel(context, weights, statistics, false),
    decoder: decoderModel(context, weights, statistics, false),
  });
}

let networks: OnnxNetworks;
beforeAll(async () => {
  networks = await open();
});
afterAll(() => networks.release());

test('a denoiser that wants more than it is told is refused by name', async () => {
  const g = new GraphBuilder();
  g.output('prediction', add(g, g.input('sample', [2]), g.input('previous', [2])));
  const opening = OnnxNetworks.open(nodeRuntime, {
    graphEncoder: graphEncoderModel(context, weights, false),
    denoiser: writeOnnx(g),
    decoder: decoderModel(context, weights, statistics, false),
  });
  await expect(opening).rejects.toMatchObject({
    code: 'model-unsupported',
    message: expect.stringContaining('denoiser.onnx wants an input “previous”'),
  });
});

const things = ['sheep', 'tree', 'dog'].map((label) => ({ label, attributes: [] }));
const [first, second] = world.predicates as readonly [string, string];
const style = world.styles[0]!;
const graph: TokenGraph = {
  objects: things,
  relations: [
    { subject: 0, predicate: first, object: 1 },
    { subject: 2, predicate: second, object: 1 },
  ],
  style,
};
const tokensOf = (graphs: readonly TokenGraph[], padded?: { objects: number; relations: number }): GraphTokens =>
  buildGraphTokens(graphs, tokenSpec, padded);

const rowOf = ({ data, dims }: Tensor, batch: number, token: number): Float32Array => {
  const [, count, width] = dims as [number, number, number];
  return data.slice((batch * count + token) * width, (batch * count + token + 1) * width);
};

/** Largest absolute difference. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}

const noisy = (batch: number, seed = 1): Pick<Parameters<OnnxNetworks['denoise']>[0], 'sample' | 'timestep'> => ({
  sample: { data: seededNoise(seed).normals(batch * LATENT), dims: [batch, CHANNELS, SIDE, SIDE] },
  timestep: { data: new Float32Array(batch).fill(0.1), dims: [batch] },
});

test.each([
  [1, 1, 1],
  [3, 2, 4],
  [2, 30, 60],
])('batch %i, %i objects, %i relations', async (batch, objects, relations) => {
  const wide: TokenGraph = {
    objects: Array.from({ length: objects }, (_, i) => things[i % 3]!),
    relations: Array.from({ length: relations }, (_, i) => ({
      subject: i % objects,
      predicate: first,
      object: (i + 1) % objects,
    })),
    style,
  };
  const conditioning = await networks.encodeGraph(tokensOf(new Array(batch).fill(wide)));
  const tokens = objects + relations + 2;
  expect(conditioning.sCond.dims).toEqual([batch, tokens, D]);
  expect(conditioning.mask.dims).toEqual([batch, tokens]);
  expect(conditioning.gGlobal.dims).toEqual([batch, smallConfig.clip.featureWidth]);
  const { prediction, attention } = await networks.denoise({ ...noisy(batch), ...conditioning });
  expect(prediction.dims).toEqual([batch, CHANNELS, SIDE, SIDE]);
  expect(attention.dims).toEqual([batch, tokens, SIDE * SIDE]);
  expect(prediction.data.every(Number.isFinite)).toBe(true);
  const picture = await networks.decode(prediction);
  expect(picture.dims).toEqual([batch, 3, smallConfig.imageSize, smallConfig.imageSize]);
  expect(picture.data.every((value) => Math.abs(value) <= 1)).toBe(true);
});

test('verifier and CLIP image tower take any batch', async () => {
  for (const batch of [1, 3]) {
    const size = smallConfig.imageSize;
    const image = { data: seededNoise(2).normals(batch * 3 * size * size), dims: [batch, 3, size, size] };
    // Both look at half of the picture's size, and the verifier at cells of 8 of its pixels.
    const cells = size / 16;
    const eye = await nodeRuntime.open(verifierModel(context, weights, false));
    const { presence, depth } = (await eye.run({ image })) as Record<string, Tensor>;
    expect(presence?.dims).toEqual([batch, world.objects.length, cells, cells]);
    expect(depth?.dims).toEqual([batch, cells, cells]);
    for (const value of [...presence!.data, ...depth!.data]) expect(value >= 0 && value <= 1).toBe(true);
    const tower = await nodeRuntime.open(clipImageModel(context, weights, false));
    const { feature } = (await tower.run({ image })) as Record<string, Tensor>;
    expect(feature?.dims).toEqual([batch, smallConfig.clip.featureWidth]);
    const norm = Math.hypot(...feature!.data.subarray(0, smallConfig.clip.featureWidth));
    expect(norm).toBeCloseTo(1, 4);
    await Promise.all([eye.release(), tower.release()]);
  }
});

test('each pixel pays at most 1 of attention to the tokens, and nothing to masked ones', async () => {
  const conditioning = await networks.encodeGraph(tokensOf([graph], { objects: 5, relations: 4 }));
  const { attention } = await networks.denoise({ ...noisy(1), ...conditioning });
  const [, tokens, pixels] = attention.dims as [number, number, number];
  for (let pixel = 0; pixel < pixels; pixel++) {
    const paid = Array.from({ length: tokens }, (_, token) => attention.data[token * pixels + pixel]!);
    const total = paid.reduce((sum, value) => sum + value, 0);
    expect(total).toBeGreaterThan(0.05);
    // Less than 1: the rest goes to the null token.
    expect(total).toBeLessThan(1);
    paid.forEach((value, token) => {
      if (conditioning.mask.data[token] === 0) expect(value).toBe(0);
      else expect(value).toBeGreaterThan(0);
    });
  }
});

test('the unconditional branch knows nothing of the graph; the conditional one knows its relations', async () => {
  const other: TokenGraph = {
    ...graph,
    relations: [{ subject: 0, predicate: second, object: 1 }, graph.relations[1]!],
  };
  const [a, b] = [await networks.encodeGraph(tokensOf([graph])), await networks.encodeGraph(tokensOf([other]))];
  const predict = async ({ sCond, mask }: typeof a, keep: boolean) => {
    const masked = keep ? mask : { ...mask, data: new Float32Array(mask.data.length) };
    return (await networks.denoise({ ...noisy(1), sCond, mask: masked })).prediction.data;
  };
  expect(apart(await predict(a, false), await predict(b, false))).toBe(0);
  expect(apart(await predict(a, true), await predict(b, true))).toBeGreaterThan(1e-4);
  expect(apart(await predict(a, true), await predict(a, false))).toBeGreaterThan(1e-3);
});

test('reordering objects reorders their tokens and leaves G_global and the prediction as they were', async () => {
  const order = [2, 0, 1];
  const place = (index: number) => order.indexOf(index);
  const shuffled: TokenGraph = {
    ...graph,
    objects: order.map((index) => things[index]!),
    relations: graph.relations.map(({ subject, predicate, object }) => ({
      subject: place(subject),
      predicate,
      object: place(object),
    })),
  };
  const [a, b] = [await networks.encodeGraph(tokensOf([graph])), await networks.encodeGraph(tokensOf([shuffled]))];
  order.forEach((from, to) => {
    expect(apart(rowOf(a.sCond, 0, 1 + from), rowOf(b.sCond, 0, 1 + to))).toBeLessThan(1e-5);
  });
  expect(apart(rowOf(a.sCond, 0, 1), rowOf(b.sCond, 0, 1))).toBeGreaterThan(1e-2);
  expect(apart(a.gGlobal.data, b.gGlobal.data)).toBeLessThan(1e-5);
  const [p, q] = [await networks.denoise({ ...noisy(1), ...a }), await networks.denoise({ ...noisy(1), ...b })];
  expect(apart(p.prediction.data, q.prediction.data)).toBeLessThan(1e-5);
});

test('padding changes neither the tokens nor the prediction', async () => {
  const plain = await networks.encodeGraph(tokensOf([graph]));
  const padded = await networks.encodeGraph(tokensOf([graph], { objects: 8, relations: 12 }));
  const places = [0, 1, 2, 3, 9, 10, 21];
  expect([...padded.mask.data]).toEqual(Array.from({ length: 22 }, (_, i) => (places.includes(i) ? 1 : 0)));
  places.forEach((at, token) => {
    expect(apart(rowOf(plain.sCond, 0, token), rowOf(padded.sCond, 0, at))).toBeLessThan(1e-5);
  });
  expect(apart(plain.gGlobal.data, padded.gGlobal.data)).toBeLessThan(1e-5);
  const p = await networks.denoise({ ...noisy(1), ...plain });
  const q = await networks.denoise({ ...noisy(1), ...padded });
  expect(apart(p.prediction.data, q.prediction.data)).toBeLessThan(1e-5);
});

test.each([
  // G_global, objects, relations, style.
  ['labels', [0, 1, 1, 1, 0, 0, 1]],
  ['words', [0, 1, 1, 1, 1, 1, 1]],
  // A copy of G_global for each object, at the end.
  ['interleaved', [0, 1, 1, 1, 0, 0, 1, 1, 1, 1]],
  ['full', [1, 1, 1, 1, 1, 1, 1]],
] as const)('fusion "%s" shows its own tokens', async (fusion, mask) => {
  const mine = await open(fusion);
  const conditioning = await mine.encodeGraph(tokensOf([graph]));
  expect([...conditioning.mask.data]).toEqual(mask);
  // The object tokens know the relations in the full fusion alone; interleaved, the copies of G_global do.
  const without = await mine.encodeGraph(tokensOf([{ ...graph, relations: [graph.relations[1]!] }]));
  const moved = apart(rowOf(conditioning.sCond, 0, 1), rowOf(without.sCond, 0, 1));
  if (fusion === 'full') expect(moved).toBeGreaterThan(1e-4);
  else expect(moved).toBe(0);
  if (fusion === 'interleaved') {
    const copies = [7, 8, 9].map((at) => rowOf(conditioning.sCond, 0, at));
    expect(apart(copies[0]!, copies[2]!)).toBe(0);
    expect(apart(copies[0]!, rowOf(without.sCond, 0, 6))).toBeGreaterThan(1e-4);
  }
  await mine.release();
});

test('a token says which of the objects of its label it is, and is the same beside any others', async () => {
  const mine = await open('labels');
  const sheepIn = async (labels: readonly string[]) => {
    const objects = labels.map((label) => ({ label, attributes: [] }));
    const { sCond } = await mine.encodeGraph(
      tokensOf([{ objects, relations: [], style }], { objects: 6, relations: 1 }),
    );
    return labels.flatMap((label, i) => (label === 'sheep' ? [rowOf(sCond, 0, 1 + i)] : []));
  };
  const [alone] = await sheepIn(['sheep']);
  const [beside] = await sheepIn(['dog', 'sheep', 'tree']);
  expect(apart(alone!, beside!)).toBeLessThan(1e-5);
  const two = await sheepIn(['sheep', 'sheep']);
  const spread = await sheepIn(['dog', 'sheep', 'tree', 'sheep']);
  two.forEach((token, i) => {
    expect(apart(token, alone!)).toBeGreaterThan(1e-2);
    expect(apart(token, spread[i]!)).toBeLessThan(1e-5);
  });
  expect(apart(two[0]!, two[1]!)).toBeGreaterThan(1e-2);
  const three = await sheepIn(['sheep', 'sheep', 'sheep']);
  expect(apart(three[0]!, two[0]!)).toBeGreaterThan(1e-3);
  expect(apart(three[0]!, three[1]!)).toBeGreaterThan(1e-3);
  await mine.release();
});
