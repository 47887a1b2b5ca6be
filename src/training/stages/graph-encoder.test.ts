/** One step of the game between graph encoder and discriminator, worked out again in plain loops. */
import { beforeAll, expect, test, vi } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { sampleSceneGraph } from '#training/corpus/sample/sample-graph.ts';
import { discriminator, dropoutWidths } from '#training/networks/discriminator.ts';
import { encodeGraph } from '#training/networks/graph-encoder.ts';
import { graphEncoderConfig } from '#training/run/model-config.ts';
import { type StepResult, TrainingStep } from '#training/trainer/training-step.ts';
import { PADDED, trainingGraphInputs } from './feeds/graph-feeds.ts';
import { buildGraphEncoderGame, graphEncoderFeeds } from './graph-encoder.ts';
import {
  CELLS,
  computed,
  dot,
  mmdOf,
  placeLossOf,
  recordsOf,
  row,
  scenes,
  softplus,
  stirred,
  sum,
  tinyConfig,
  tinyContext,
} from './step.fixture.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const BATCH = 32;
const context = tinyContext();
const { featureWidth } = tinyConfig.clip;
const records = recordsOf(
  Array.from({ length: BATCH }, (_, i) => scenes[i % 3]!),
  featureWidth,
);
const feeds = graphEncoderFeeds(context, records, seededNoise(9)) as Readonly<Record<string, Float32Array>>;

let step: StepResult;
/** What encoder and discriminator say: the same networks put together again. */
let seen: Readonly<Record<string, Float32Array>>;
let parameters: Map<string, Float32Array>;

beforeAll(async () => {
  const game = buildGraphEncoderGame(context);
  parameters = stirred(game.builder);
  const opened = await TrainingStep.create({ ...game, device: 'cpu' });
  step = await opened.run(feeds, parameters);
  await opened.release();
  const g = new GraphBuilder();
  const inputs = trainingGraphInputs(g, context, BATCH);
  const { gGlobal, objectVectors } = encodeGraph(g, graphEncoderConfig(context), tinyConfig.clip, inputs);
  const judged = { fake: gGlobal, real: g.input('feature', gGlobal.shape) };
  for (const [side, features] of Object.entries(judged)) {
    const drops = dropoutWidths.map((width, layer) => g.input(`dropout.${side}.${layer}`, [BATCH, width]));
    g.output(side, discriminator(g, features, [drops[0]!, drops[1]!]));
  }
  g.output('gGlobal', gGlobal);
  g.output('objectVectors', objectVectors);
  seen = await computed(g, feeds, parameters);
});

test('every loss is what its definition says', () => {
  const [fake, real] = [[...seen.fake!], [...seen.real!]];
  const mean = (values: readonly number[]) => sum(values) / values.length;
  const rows = (data: Float32Array) => records.map((_, index) => row(data, featureWidth, index));
  const [ours, theirs] = [rows(seen.gGlobal!), rows(feeds.feature!)];
  const width = tinyConfig.graphEncoder.width;
  const vectors = Array.from({ length: BATCH * PADDED.objects }, (_, object) =>
    row(seen.objectVectors!, width, object),
  );
  const judge = mean(real.map((logit) => softplus(-logit))) + mean(fake.map(softplus));
  const fooling = mean(fake.map((logit) => softplus(-logit)));
  const mmd = mmdOf(ours, theirs);
  const places = placeLossOf(parameters, 'places.local', vectors, feeds.places!, BATCH);
  const expected = {
    loss: fooling + 0.8 * mmd + 0.45 * places,
    judge,
    fooling,
    places,
    mmd,
    accuracy: mean([...real.map((logit) => (logit > 0 ? 1 : 0)), ...fake.map((logit) => (logit < 0 ? 1 : 0))]),
    cosine: mean(ours.map((vector, i) => dot(vector, theirs[i]!))),
  };
  expect(Object.keys(step.numbers).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) {
    const found = step.numbers[name]!;
    expect(Math.abs(found - value), `${name}: ${found} and ${value}`).toBeLessThan(1e-5 * Math.abs(value) + 1e-6);
  }
});

test('each player learns by its own loss, and CLIP’s label embedding by neither', () => {
  const { gradients } = step;
  const players = [...parameters.keys()].filter((name) => !name.startsWith('clip.')).sort();
  expect([...gradients.keys()].sort()).toEqual(players);
  expect(new Set(players.map((name) => name.split('.')[0]))).toEqual(new Set(['discriminator', 'graph', 'places']));
  for (const [name, gradient] of gradients)
    expect(
      gradient.some((value) => value !== 0),
      name,
    ).toBe(true);
  // Of the judge alone: σ(fake) − σ(−real). The encoder's loss would add −σ(−fake).
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const slopes = [...Array.from(seen.fake!, sigmoid), ...Array.from(seen.real!, (x) => -sigmoid(-x))];
  expect(gradients.get('discriminator.out.bias')![0]).toBeCloseTo(sum(slopes) / BATCH, 5);
});

test('three in ten numbers are dropped, the others made up for it', () => {
  for (const side of ['fake', 'real']) {
    dropoutWidths.forEach((width, layer) => {
      const mask = feeds[`dropout.${side}.${layer}`]!;
      expect(mask.length).toBe(BATCH * width);
      expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.7)]));
      const dropped = mask.filter((value) => value === 0).length / mask.length;
      expect(Math.abs(dropped - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / mask.length));
    });
  }
  expect(feeds['dropout.fake.0']).not.toEqual(feeds['dropout.real.0']);
});

test('features, tokens and places are of the same pictures and objects', () => {
  const random = seededNoise(9);
  // Dropout is drawn before the graphs.
  for (let i = 0; i < 2 * BATCH * (256 + 128); i++) random.uniform();
  const { embedding } = context.tokenSpec;
  records.forEach(({ scene, masks, feature }, index) => {
    const { objects } = sampleSceneGraph(scene, random, { saysOddGround: true, habits: context.config.graphs });
    expect(row(feeds.feature!, featureWidth, index)).toEqual([...feature]);
    expect(sum(row(feeds.object_mask!, PADDED.objects, index))).toBe(objects.length);
    objects.forEach(({ label, sceneIndex }, place) => {
      const token = index * PADDED.objects + place;
      expect(row(feeds.object_vectors!, embedding.width, token)).toEqual([...embedding.vector(label)!]);
      const mask = row(masks, CELLS, sceneIndex);
      const shares = mask.map((share) => share / sum(mask) / objects.length);
      expect(row(feeds.places!, CELLS, token)).toEqual(shares.map((share) => expect.closeTo(share, 6)));
    });
  });
});
