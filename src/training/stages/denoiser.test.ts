/** One step of the denoiser's training: what it is fed, and what its losses are, worked out again in plain loops. */
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { mul } from '#onnx/ops/arithmetic.ts';
import { unsqueeze } from '#onnx/ops/layout.ts';
import { sampleSceneGraph } from '#training/corpus/sample/sample-graph.ts';
import type { Scene } from '#training/corpus/world/scene.ts';
import type { LatentStatistics } from '#training/networks/autoencoder.ts';
import { codedCounts, FEATURES, LATENT_CHANNELS } from '#training/networks/autoencoder.ts';
import { spreadCodes } from '#training/networks/codes.ts';
import { denoiser } from '#training/networks/denoiser.ts';
import { encodeGraph, fuse } from '#training/networks/graph-encoder.ts';
import type { TrainingConfig } from '#training/run/config.ts';
import { denoiserConfig, graphEncoderConfig } from '#training/run/model-config.ts';
import { type Feeds, TrainingStep } from '#training/trainer/training-step.ts';
import { buildDenoiserGraph, denoiserFeeds } from './denoiser.ts';
import { canonicalSample } from './feeds/canonical-sample.ts';
import { PADDED, TRAINING_LAYOUT, trainingGraphInputs } from './feeds/graph-feeds.ts';
import { MEANING } from './losses/meanings.ts';
import {
  CELLS,
  computed,
  dot,
  LATENT,
  linearMap,
  mmdOf,
  numbersOf,
  placeLossOf,
  recordsOf,
  row,
  scenes,
  stirred,
  sum,
  tinyConfig,
  tinyContext,
} from './step.fixture.ts';

// Opening a session takes half a second, or several where the machine has other work.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const context = tinyContext();
const { batch, tokenWidth } = tinyConfig.denoiser;
const { featureWidth } = tinyConfig.clip;
const statistics: LatentStatistics = {
  mean: Array.from({ length: LATENT_CHANNELS }, (_, channel) => 0.2 * Math.sin(channel)),
  scale: 1.3,
  deviations: Array.from({ length: LATENT_CHANNELS }, (_, channel) => (channel % 2 === 0 ? 0.8 : Math.sqrt(1.36))),
};
const records = recordsOf(scenes, featureWidth);
/** A source whose second picture of three is trained without conditioning. */
const SEED = 47;
const feeds = denoiserFeeds(context, records, seededNoise(SEED)) as Readonly<Record<string, Float32Array>>;

const withDenoiser = (change: Partial<TrainingConfig['denoiser']>): TrainingConfig => ({
  ...tinyConfig,
  denoiser: { ...tinyConfig.denoiser, ...change },
});
const withFinetune = (lambda: number, beta: number, more: Partial<TrainingConfig> = {}): TrainingConfig => ({
  ...tinyConfig,
  ...more,
  finetune: { ...tinyConfig.finetune, lambda, beta },
});
/** Feeds of scenes whose latents are a few numbers. */
const fedBy = (config: TrainingConfig, list: readonly Scene[] = scenes) =>
  denoiserFeeds(tinyContext(config), recordsOf(list, featureWidth, 8), seededNoise(SEED)) as Readonly<
    Record<string, Float32Array>
  >;

// ---- feeds

test('the same source gives the same feeds, another one others', () => {
  const again = denoiserFeeds(context, records, seededNoise(SEED));
  const other = denoiserFeeds(context, records, seededNoise(SEED + 1));
  const isSame = (given: Feeds, name: string) => given[name]!.every((value, i) => value === feeds[name]![i]);
  for (const name of Object.keys(feeds)) expect(isSame(again, name), name).toBe(true);
  for (const name of ['sample', 'target', 'timestep']) expect(isSame(other, name), name).toBe(false);
});

test('sample and target are the latent with noise at the level that the timestep says (Karras et al. 2022, table 1)', () => {
  records.forEach(({ latent }, index) => {
    // c_noise = ln(σ) / 4; the input is (x0 + σ n) / √(σ² + 1), and F = (σ x0 − n) / √(σ² + 1) undoes it.
    const sigma = Math.exp(4 * feeds.timestep![index]!);
    const norm = Math.hypot(sigma, 1);
    const sample = row(feeds.sample!, LATENT, index);
    const target = row(feeds.target!, LATENT, index);
    const noise = latent.map((clean, i) => (sample[i]! * norm - clean) / sigma);
    expect(row(feeds.latent!, LATENT, index)).toEqual([...latent]);
    const misses = noise.map((n, i) => Math.abs(target[i]! - (sigma * latent[i]! - n) / norm));
    expect(Math.max(...misses)).toBeLessThan(1e-5);
    // Within 4 standard errors of a standard normal.
    expect(Math.abs(sum(noise) / LATENT)).toBeLessThan(4 / Math.sqrt(LATENT));
    expect(Math.abs(sum(noise.map((n) => n * n)) / LATENT - 1)).toBeLessThan(4 * Math.sqrt(2 / LATENT));
  });
});

test('noise levels are log-normal, and so many pictures as dropout says are trained without conditioning', () => {
  const many = Array.from({ length: 600 }, (_, i) => scenes[i % 3]!);
  const { timestep, keep, style } = fedBy(
    withDenoiser({ logSigma: { mean: 0.9, deviation: 0.5 }, dropout: 0.3 }),
    many,
  );
  const logs = Array.from(timestep!, (t) => 4 * t);
  const mean = sum(logs) / logs.length;
  const deviation = Math.sqrt(sum(logs.map((log) => (log - mean) ** 2)) / logs.length);
  // Within 4 standard errors.
  expect(Math.abs(mean - 0.9)).toBeLessThan((4 * 0.5) / Math.sqrt(600));
  expect(Math.abs(deviation - 0.5)).toBeLessThan((4 * 0.5) / Math.sqrt(1200));
  expect(new Set(keep)).toEqual(new Set([0, 1]));
  expect(Math.abs(sum(keep!) / 600 - 0.7)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 600));
  // Three in twenty styles are hidden.
  const hidden = style!.filter((index) => index === context.world.styles.length).length / 600;
  expect(Math.abs(hidden - 0.15)).toBeLessThan(4 * Math.sqrt((0.15 * 0.85) / 600));
});

test('noise levels stay in the sampler’s range', () => {
  const levels = (centre: number) =>
    Array.from(fedBy(withDenoiser({ logSigma: { mean: centre, deviation: 0 } })).timestep!, (t) => Math.exp(4 * t));
  expect(levels(Math.log(3))).toEqual([3, 3, 3].map((sigma) => expect.closeTo(sigma, 5)));
  expect(levels(9)).toEqual([80, 80, 80].map((sigma) => expect.closeTo(sigma, 3)));
  expect(levels(-9)).toEqual([0.25, 0.25, 0.25].map((sigma) => expect.closeTo(sigma, 6)));
});

test('a picture without conditioning teaches attention nothing', () => {
  for (const [dropout, kept] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const { keep, places } = fedBy(withDenoiser({ dropout }));
    expect([...keep!]).toEqual([kept, kept, kept]);
    for (const index of [0, 1, 2]) {
      expect(sum(row(places!, TRAINING_LAYOUT.tokens * CELLS, index))).toBeCloseTo(kept, 5);
    }
  }
});

test('cells weigh 1, and more by what they show of things, the more the smaller the thing; 1 on the average', () => {
  // meadow: the tree fills a quarter of the picture, the ball one of 64 cells, of which 1 is seen; the trunk is no thing.
  const [meadow] = records as [(typeof records)[0]];
  const shareOf = (place: number, cell: number) => meadow.masks[place * CELLS + cell]! / 255;
  const size = (place: number) => sum(Array.from({ length: CELLS }, (_, cell) => shareOf(place, cell))) / CELLS;
  expect([size(2), size(3)]).toEqual([1 / 4, 1 / 64]);
  const [tree, ball] = [2.5 * 0.7, 2.5 * Math.sqrt(0.042 * 64)];
  const raw = Array.from({ length: CELLS }, (_, cell) => 1 + tree * shareOf(2, cell) + ball * shareOf(3, cell));
  const mean = sum(raw) / CELLS;
  const weights = row(feeds.weight!, CELLS, 0);
  expect(weights).toEqual(raw.map((weight) => expect.closeTo(weight / mean, 5)));
  // Sky, tree and ball, by hand: 64 cells, 16 of the tree, 1 of the ball.
  const expected = (64 + 16 * 1.75 + 4.0988) / 64;
  expect([weights[0], weights[7], weights[49]]).toEqual(
    [1, 2.75, 5.0988].map((weight) => expect.closeTo(weight / expected, 4)),
  );
  for (const index of [0, 1, 2]) expect(sum(row(feeds.weight!, CELLS, index)) / CELLS).toBeCloseTo(1, 5);
});

test('tokens, places and meanings are of the same objects, in canonical order', () => {
  const random = seededNoise(SEED);
  // Graphs are drawn before anything else of the batch.
  const samples = records.map(({ scene }) =>
    canonicalSample(
      sampleSceneGraph(scene, random, { saysOddGround: true, habits: context.config.graphs }),
      scene.objects,
    ),
  );
  const { width } = context.tokenSpec.embedding;
  expect([...feeds.keep!]).toEqual([1, 0, 1]);
  samples.forEach(({ objects }, index) => {
    expect(sum(row(feeds.object_mask!, PADDED.objects, index))).toBe(objects.length);
    const { masks } = records[index]!;
    const areas = objects.map(({ sceneIndex }) => sum(masks.subarray(sceneIndex * CELLS, (sceneIndex + 1) * CELLS)));
    objects.forEach(({ label, sceneIndex }, place) => {
      const token = index * PADDED.objects + place;
      expect(row(feeds.object_vectors!, width, token)).toEqual([...context.tokenSpec.embedding.vector(label)!]);
      const mask = Array.from({ length: CELLS }, (_, cell) => masks[sceneIndex * CELLS + cell]!);
      const byObject = mask.map((share) => share / areas[place]! / objects.length);
      expect(row(feeds.where!, CELLS, token)).toEqual(byObject.map((share) => expect.closeTo(share, 6)));
      const byArea = mask.map((share) => feeds.keep![index]! * (share / sum(areas)));
      const grounded = index * TRAINING_LAYOUT.tokens + 1 + place;
      expect(row(feeds.places!, CELLS, grounded)).toEqual(byArea.map((share) => expect.closeTo(share, 6)));
      const counted = sum(row(feeds.meant!, MEANING, token));
      const { isGround, partOf } = records[index]!.scene.objects[sceneIndex]!;
      const isBackdrop = label === 'sky';
      const ground = isBackdrop ? 0 : FEATURES.ground;
      const thing = partOf === undefined ? FEATURES.drawing + 4 : 0;
      expect(counted, label).toBe(isGround ? ground : thing);
    });
    const nobody = row(feeds.places!, CELLS, index * TRAINING_LAYOUT.tokens);
    expect(sum(nobody), 'G_global is nowhere').toBe(0);
    expect(row(feeds.feature!, featureWidth, index)).toEqual([...records[index]!.feature]);
  });
});

test('the draws of a source stay what they are, one after the other', () => {
  const rounded = (values: ArrayLike<number>) => Array.from(values, (value) => Number(value.toFixed(5)));
  const drawn = {
    timestep: rounded(feeds.timestep!),
    sample: records.map((_, index) => rounded(row(feeds.sample!, LATENT, index).slice(0, 2))),
    target: records.map((_, index) => rounded(row(feeds.target!, LATENT, index).slice(0, 2))),
    style: rounded(feeds.style!),
    relations: records.map((_, index) => sum(row(feeds.relation_mask!, PADDED.relations, index))),
  };
  expect(drawn).toEqual({
    timestep: [0.49413, 0.43041, 0.45355],
    sample: [
      [-0.37732, -0.91956],
      [-1.04942, 0.98395],
      [0.88237, -1.47889],
    ],
    target: [
      [-1.46487, -0.48972],
      [-0.60835, 0.31178],
      [0.35502, -1.51103],
    ],
    style: [6, 4, 2],
    relations: [1, 1, 1],
  });
});

// ---- losses

type Stage = Parameters<typeof buildDenoiserGraph>[1];

/** What the networks say, of which losses are made: the same networks put together again. */
async function observed(config: TrainingConfig, stage: Stage, given: Feeds, parameters: Map<string, Float32Array>) {
  const g = new GraphBuilder();
  const here = tinyContext(config);
  const inputs = trainingGraphInputs(g, here, batch);
  const encoded = stage === 'finetune' ? encodeGraph(g, graphEncoderConfig(here), config.clip, inputs) : undefined;
  const { sCond, mask } = fuse(g, graphEncoderConfig(here), config.clip, inputs, encoded);
  const shape = denoiserConfig(here, statistics);
  const { prediction, attention, expectation, read, drawings, setting } = denoiser(g, shape, {
    sample: g.input('sample', [batch, LATENT_CHANNELS, shape.height, shape.width]),
    timestep: g.input('timestep', [batch]),
    sCond,
    mask: mul(g, mask, unsqueeze(g, g.input('keep', [batch]), [1])),
  });
  const outputs = { prediction, attention, expectation, read, drawings, setting, sCond };
  for (const [name, value] of Object.entries(outputs)) g.output(name, value);
  if (encoded) g.output('gGlobal', encoded.gGlobal);
  return computed(g, given, parameters);
}

/** Index of the largest. */
const best = (values: readonly number[]): number => values.indexOf(Math.max(...values));

function codes(what: keyof typeof codedCounts, strength = 1): number[][] {
  const [count, width] = [codedCounts[what], FEATURES[what]];
  return Array.from({ length: count }, (_, k) => row(spreadCodes(count, width), width, k).map((x) => x * strength));
}

/** (16 · 16) cells of a picture's latent, unstandardised, by feature 0 … 50: four cells of 2 × 2 share a token's 204 channels. */
function cellsOf(picture: number): number[][] {
  return Array.from({ length: 256 }, (_, cell) => {
    const [x, y] = [cell % 16, Math.floor(cell / 16)];
    return Array.from({ length: 51 }, (_, feature) => {
      const channel = ((y % 2) * 2 + (x % 2)) * 51 + feature;
      const at = channel * CELLS + tokenOf(cell);
      return 1.3 * feeds.latent![picture * LATENT + at]! + statistics.mean[channel]!;
    });
  });
}
const tokenOf = (cell: number): number => Math.floor(cell / 32) * 8 + Math.floor((cell % 16) / 2);

/** Losses of the batch, by the definitions, from what the networks said. */
function expectedNumbers(
  seen: Readonly<Record<string, Float32Array>>,
  parameters: ReadonlyMap<string, Float32Array>,
): Record<string, number> {
  const pictures = [0, 1, 2];
  const weightAt = (picture: number, token: number) => feeds.weight![picture * CELLS + token]!;
  let squares = 0;
  seen.prediction!.forEach((value, at) => {
    const channel = Math.floor(at / CELLS) % LATENT_CHANNELS;
    // Of a cell's 51 numbers these are paint, of what is in front and behind, and night.
    const seldom = [16, 17, 18, 19, 36, 37, 38, 39, 50].includes(channel % 51) ? 6 : 1;
    squares += seldom * weightAt(Math.floor(at / LATENT), at % CELLS) * (value - feeds.target![at]!) ** 2;
  });
  const drawingCount = codedCounts.drawing;
  const drawings = codes('drawing');
  const drawing = pictures.flatMap((picture) =>
    cellsOf(picture).map((features, cell) => {
      const logs = [0, 20].map((from, layer) => {
        const shown = best(drawings.map((code) => dot(code, features.slice(from, from + 12))));
        return row(seen.drawings!, drawingCount, picture * 512 + layer * 256 + cell)[shown] as number;
      });
      return -sum(logs) * weightAt(picture, tokenOf(cell));
    }),
  );
  const setting = pictures.map((picture) => {
    const all = cellsOf(picture);
    const mean = Array.from({ length: 51 }, (_, feature) => sum(all.map((cell) => cell[feature]!)) / 256);
    const nearest = (list: readonly number[][], from: number) =>
      best(list.map((code) => -sum(code.map((x, i) => (x - mean[from + i]!) ** 2))));
    const grounds = codes('ground', 0.35);
    const styles = codes('style', 0.35);
    const logs = row(seen.setting!, grounds.length + styles.length + 2, picture);
    return -sum(
      [
        nearest(grounds, 41),
        grounds.length + nearest(styles, 46),
        grounds.length + styles.length + nearest([[0], [0.35]], 50),
      ].map((at) => logs[at]!),
    );
  });
  const paid = (map: Float32Array) =>
    -dot(
      feeds.places!,
      Array.from(map, (share) => Math.log(share + 1e-3)),
    ) / 3;
  const objectsIn = (tokens: Float32Array) =>
    pictures.flatMap((picture) =>
      Array.from({ length: 8 }, (_, object) => row(tokens, tokenWidth, picture * TRAINING_LAYOUT.tokens + 1 + object)),
    );
  const said = linearMap(parameters, 'meanings', objectsIn(seen.sCond!)).flat();
  const missed = said.map((x, i) => feeds.meant![i]! * (x - feeds.meanings![i]!) ** 2);
  const numbers = {
    reconstruction: squares / (3 * LATENT),
    drawing: sum(drawing) / drawing.length,
    setting: sum(setting) / 3,
    grounding: paid(seen.attention!),
    expecting: paid(seen.expectation!),
    meaning: sum(missed) / (sum(feeds.meant!) + 1),
  };
  if (!seen.gGlobal) return numbers;
  const rows = (data: Float32Array) => pictures.map((picture) => row(data, featureWidth, picture));
  const [ours, theirs] = [rows(seen.gGlobal), rows(feeds.feature!)];
  const misses = ours.flatMap((vector, i) => vector.map((x, j) => 100 * (x - theirs[i]![j]!) ** 2));
  return {
    ...numbers,
    places: placeLossOf(parameters, 'places.tokens', objectsIn(seen.sCond!), feeds.where!, 3),
    found: placeLossOf(parameters, 'places.read', objectsIn(seen.read!), feeds.where!, 3),
    clip: sum(misses) / misses.length,
    mmd: mmdOf(ours, theirs),
    cosine: sum(ours.map((vector, i) => dot(vector, theirs[i]!))) / 3,
  };
}

const close = (expected: number) => expect.closeTo(expected, 4 - Math.ceil(Math.log10(Math.abs(expected))));

test.each(['denoiser', 'finetune'] as const)('%s: every loss is what its definition says', async (stage) => {
  const graph = buildDenoiserGraph(context, stage, statistics);
  const parameters = stirred(graph.builder);
  const numbers = await numbersOf(graph, feeds, parameters);
  const expected = expectedNumbers(await observed(tinyConfig, stage, feeds, parameters), parameters);
  const { loss, ...parts } = numbers;
  expect(Object.keys(parts).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) {
    expect(Math.abs(parts[name]! - value), `${name}: ${parts[name]} and ${value}`).toBeLessThan(
      1e-5 * Math.abs(value) + 1e-6,
    );
  }
  expect(loss).toEqual(close(total(expected)));
});

test.each([
  ['drawingWeight', 'drawing', 'setting'],
  ['groundingWeight', 'grounding', 'expecting'],
  ['meaningWeight', 'meaning'],
] as const)('%s of 0 switches its loss off', (weight, ...names) => {
  const all = Object.keys(buildDenoiserGraph(context, 'denoiser', statistics).numbers);
  const without = buildDenoiserGraph(tinyContext(withDenoiser({ [weight]: 0 })), 'denoiser', statistics).numbers;
  expect(all).toEqual(expect.arrayContaining([...names]));
  expect(Object.keys(without)).toEqual(all.filter((name) => !names.some((one) => one === name)));
});

// ---- λ and β

/** The fine-tuning step at λ and β. */
async function fineTuned(lambda: number, beta: number, more: Partial<TrainingConfig> = {}) {
  const graph = buildDenoiserGraph(tinyContext(withFinetune(lambda, beta, more)), 'finetune', statistics);
  const step = await TrainingStep.create({ ...graph, device: 'cpu' });
  const result = await step.run(feeds, stirred(graph.builder));
  await step.release();
  return { ...result, parameters: [...graph.builder.parameters.keys()] };
}
const isNothing = (gradient: Float32Array | undefined): boolean => gradient!.every((value) => value === 0);

describe('L_train = λ·L_recon + (1 − λ)·(β·L_CLIP + (1 − β)·L_MMD)', () => {
  type Step = Awaited<ReturnType<typeof fineTuned>>;
  const at = { recon: [1, 0.5], clip: [0, 1], mmd: [0, 0], all: [0.7, 0.6] } as const;
  let steps: Record<keyof typeof at, Step>;
  beforeAll(async () => {
    const opened = Object.entries(at).map(async ([name, [lambda, beta]]) => [name, await fineTuned(lambda, beta)]);
    steps = Object.fromEntries(await Promise.all(opened));
  });

  test.each(Object.entries(at))('of the losses that a step reports: %s, λ and β = %j', (name, [lambda, beta]) => {
    const { loss, ...parts } = steps[name as keyof typeof at].numbers;
    expect(loss).toEqual(close(total(parts, lambda, beta)));
  });

  test('everything learns but CLIP', () => {
    const { gradients, parameters } = steps.all;
    expect([...gradients.keys()].sort()).toEqual(parameters.filter((name) => !name.startsWith('clip.')).sort());
    expect(parameters).toContain('clip.label.1.weight');
  });

  test('alignment alone moves the graph encoder, and nothing else', () => {
    for (const { gradients } of [steps.clip, steps.mmd]) {
      for (const [name, gradient] of gradients) expect(isNothing(gradient), name).toBe(!name.startsWith('graph.'));
    }
  });

  test('L_recon moves everything', () => {
    const still = [...steps.recon.gradients].filter(([, gradient]) => isNothing(gradient)).map(([name]) => name);
    // A key's bias adds the same to all scores of a query, which softmax forgets; rounding may leave a trace.
    expect(still.filter((name) => !name.endsWith('.key.bias'))).toEqual([]);
  });

  test('gradients are those of the parts, in the same shares', () => {
    const { recon, clip, mmd, all } = steps;
    for (const [name, gradient] of all.gradients) {
      const [a, b, c] = [recon, clip, mmd].map((step) => step.gradients.get(name)!) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      const expected = gradient.map((_, i) => 0.7 * a[i]! + 0.3 * (0.6 * b[i]! + 0.4 * c[i]!));
      const largest = Math.max(...gradient.map(Math.abs));
      const missed = Math.max(...gradient.map((value, i) => Math.abs(value - expected[i]!)));
      expect(missed, name).toBeLessThan(1e-4 * largest + 1e-7);
    }
  });
});

test('at λ = 1 the graph encoder learns by S_cond alone: not at all where labels are all of it', async () => {
  const graphEncoder = { ...tinyConfig.graphEncoder, fusion: 'labels' } as const;
  for (const [name, gradient] of (await fineTuned(1, 0.5, { graphEncoder })).gradients) {
    if (name.startsWith('graph.')) expect(isNothing(gradient), name).toBe(true);
  }
});

// ---- conditioning

/** The reconstruction loss, and the same of a graph whose relations are turned round. */
async function withTurned(stage: Stage, kept: number): Promise<readonly number[]> {
  const graph = buildDenoiserGraph(context, stage, statistics);
  graph.builder.output('loss', graph.numbers.reconstruction!);
  const parameters = stirred(graph.builder);
  const keep = Float32Array.of(kept, kept, kept);
  const turned = { subjects: feeds.objects!, objects: feeds.subjects! };
  const given = [{}, turned].map((change) => computed(graph.builder, { ...feeds, ...change, keep }, parameters));
  return (await Promise.all(given)).map(({ loss }) => loss![0]!);
}

test('without conditioning the graph is not seen; with it, it is, and its relations in fine-tuning alone', async () => {
  const isSame = ([one, other]: readonly number[]) => one === other;
  expect(isSame(await withTurned('finetune', 0))).toBe(true);
  expect(isSame(await withTurned('finetune', 1))).toBe(false);
  expect(isSame(await withTurned('denoiser', 1))).toBe(true);
});

test('the stand-in for a text-to-image model has no graph encoder', () => {
  const { builder } = buildDenoiserGraph(context, 'denoiser', statistics);
  expect([...builder.parameters.keys()].filter((name) => /^(graph|places)\./.test(name))).toEqual([]);
});

/** L_train of what a step reports, with the weights of tinyConfig. */
function total(numbers: Readonly<Record<string, number>>, lambda = 0.7, beta = 0.6): number {
  const { reconstruction, drawing, setting, grounding, expecting, meaning, places, found, clip, mmd } = numbers;
  const recon = reconstruction! + 0.2 * (drawing! + setting!) + 0.15 * (grounding! + expecting!) + 0.35 * meaning!;
  if (clip === undefined) return recon;
  return lambda * (recon + 0.45 * (places! + found!)) + (1 - lambda) * (beta * clip + (1 - beta) * mmd!);
}
