/** One step of the verifier's training: its targets and losses, worked out again in plain loops. */
import { expect, test, vi } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { partMaps, sights } from '#training/corpus/sample/sights.ts';
import { partNames } from '#training/corpus/world/parts.ts';
import type { RenderedScene, Scene } from '#training/corpus/world/scene.ts';
import { verifier } from '#training/networks/verifier.ts';
import {
  computed,
  logSoftmax,
  masksOf,
  numbersOf,
  row,
  scenes,
  softplus,
  stirred,
  sum,
  tinyConfig,
} from './step.fixture.ts';
import { buildVerifierGraph, verifierTargets } from './verifier.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const BATCH = 16;
const SIZE = tinyConfig.imageSize / 2;
const SIDE = SIZE / 8;
const CELLS = SIDE ** 2;
const GRID = 2 * SIDE;

const rendered = (scene: Scene): RenderedScene => ({
  scene,
  rgb: new Uint8Array(0),
  size: SIZE,
  masks: masksOf(scene, GRID),
  grid: GRID,
});
/** As near as nothing else is: nearness ends at 1. */
const [meadow] = scenes;
const near: Scene = { ...meadow, objects: meadow.objects.map((object) => ({ ...object, depth: 3 * object.depth })) };
const list = Array.from({ length: BATCH }, (_, i) => rendered([...scenes, near][i % 4]!));
const targets = verifierTargets(list, SIDE) as Readonly<Record<'sights' | 'parts' | 'depth', Float32Array>>;

/** (cells) share of an object in each cell, of the 2 × 2 cells of the masks that it is made of. */
function shareOf({ masks }: RenderedScene, place: number): number[] {
  return Array.from({ length: CELLS }, (_, cell) => {
    const [x, y] = [2 * (cell % SIDE), 2 * Math.floor(cell / SIDE)];
    const at = [y * GRID + x, y * GRID + x + 1, (y + 1) * GRID + x, (y + 1) * GRID + x + 1];
    return sum(at.map((i) => masks[place * GRID * GRID + i]!)) / (4 * 255);
  });
}

test('sights are told in shares, ground a third as loudly as a thing of the middle size, and small things louder', () => {
  list.forEach((scene, index) => {
    const { objects } = scene.scene;
    const shares = objects.map((_, place) => shareOf(scene, place));
    const weights = new Array<number>(CELLS).fill(1 / 3);
    objects.forEach(({ isGround, partOf }, place) => {
      if (isGround || partOf !== undefined) return;
      const share = shares[place]!;
      const weight = Math.min(2, Math.max(0.7, Math.sqrt((0.042 * CELLS) / sum(share))));
      for (let cell = 0; cell < CELLS; cell++) weights[cell]! += (weight - 1 / 3) * share[cell]!;
    });
    const mean = sum(weights) / CELLS;
    const expected = new Float32Array(sights.length * CELLS);
    objects.forEach(({ label, partOf }, place) => {
      if (partOf !== undefined) return;
      shares[place]!.forEach((share, cell) => {
        expected[sights.indexOf(label) * CELLS + cell]! += (share * weights[cell]!) / mean;
      });
    });
    const found = row(targets.sights, sights.length * CELLS, index);
    expect(Math.max(...found.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-5);
  });
});

test('by hand: the tree fills a quarter of the meadow, the ball a quarter of a cell', () => {
  // Weights: 0.7 in the tree's four cells, 1.64 · ¼ + ⅓ · ¾ in the ball's, ⅓ in eleven.
  const [tree, ball, ground] = [0.7, (Math.sqrt(0.042 * 64) + 1) / 4, 1 / 3];
  const mean = (4 * tree + ball + 11 * ground) / 16;
  const at = (label: string, cell: number) => targets.sights[sights.indexOf(label) * CELLS + cell];
  expect(at('tree', 2)).toBeCloseTo(tree / mean, 4);
  expect(at('ball', 12)).toBeCloseTo((0.25 * ball) / mean, 4);
  expect(at('grass', 12)).toBeCloseTo((0.75 * ball) / mean, 4);
  expect(at('grass', 8)).toBeCloseTo(ground / mean, 4);
  expect(at('sky', 0)).toBeCloseTo(ground / mean, 4);
});

test('nearness is that of what is seen, from 0 for ground to 1', () => {
  list.forEach((scene, index) => {
    const expected = new Array<number>(CELLS).fill(0);
    scene.scene.objects.forEach(({ isGround, partOf, depth }, place) => {
      if (isGround || partOf !== undefined) return;
      shareOf(scene, place).forEach((share, cell) => {
        expected[cell]! += (share * depth) / 3.5;
      });
    });
    expect(row(targets.depth, CELLS, index)).toEqual(expected.map((value) => expect.closeTo(Math.min(1, value), 5)));
  });
  expect(row(targets.depth, CELLS, 0)[2]).toBeCloseTo(1 / 3.5, 5);
  const nearer = scenes.map((one) => ({ ...one, objects: one.objects.map((object) => ({ ...object, depth: 20 })) }));
  expect(Math.max(...verifierTargets(nearer.map(rendered), SIDE).depth!)).toBe(1);
});

test('every loss is what its definition says', async () => {
  const graph = buildVerifierGraph(tinyConfig);
  const parameters = stirred(graph.builder);
  const feeds = { image: seededNoise(3).normals(BATCH * 3 * SIZE * SIZE), ...targets };
  expect(feeds.parts).toEqual(Float32Array.from(list.flatMap((scene) => [...partMaps(scene, SIDE)])));
  const numbers = await numbersOf(graph, feeds, parameters);
  const g = new GraphBuilder();
  const said = verifier(g, tinyConfig.verifier, g.input('image', [BATCH, 3, SIZE, SIZE]));
  for (const [name, value] of Object.entries(said)) g.output(name, value);
  const seen = await computed(g, { image: feeds.image }, parameters);

  let [presence, parts, nearness] = [0, 0, 0];
  for (let picture = 0; picture < BATCH; picture++) {
    for (let cell = 0; cell < CELLS; cell++) {
      const at = (what: number, count: number) => (picture * count + what) * CELLS + cell;
      const logs = logSoftmax(sights.map((_, sight) => seen.sights![at(sight, sights.length)]!));
      presence -= sum(logs.map((log, sight) => log * targets.sights[at(sight, sights.length)]!));
      partNames.forEach((_, part) => {
        const [logit, share] = [seen.parts!, targets.parts].map((data) => data[at(part, partNames.length)]!);
        parts += share! * softplus(-logit!) + (1 - share!) * softplus(logit!);
      });
      nearness += (seen.depth![picture * CELLS + cell]! - targets.depth[picture * CELLS + cell]!) ** 2;
    }
  }
  const expected = [presence, parts, nearness].map((total) => total / (BATCH * CELLS)) as [number, number, number];
  const found = [numbers.presence, numbers.parts, numbers.nearness, numbers.loss];
  [...expected, sum(expected)].forEach((value, i) => {
    expect(Math.abs(found[i]! - value)).toBeLessThan(1e-5 * value);
  });
});
