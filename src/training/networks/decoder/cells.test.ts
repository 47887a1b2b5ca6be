/** What cells agree on, where two things meet. */
import { expect, test } from 'vitest';
import { seededRandom } from '#graph/random.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { composeScene } from '#training/corpus/compose/compose.ts';
import {
  cellFeatures,
  GRID,
  LAYERS,
  LN_SIZE_UNIT,
  MEAN_LN_SIZE,
  NUMBERS,
  PLACE_UNIT,
} from '#training/corpus/sample/cell-features.ts';
import { encodeCells, LATENT_CHANNELS, LATENT_SIDE } from '#training/networks/autoencoder.ts';
import { ForwardPass } from '#training/trainer/training-step.ts';
import { mostLike, readCells } from './cells.ts';

const CELLS = GRID * GRID;

/** Columns and rows that a thing fills, from and up to but without. */
interface Filled {
  readonly drawing: number;
  readonly columns: readonly [number, number];
  readonly rows: readonly [number, number];
}

const middleOf = ({ columns, rows }: Filled) => [columns, rows].map(([from, to]) => (from + to) / 2 / GRID);

/** A latent in which nothing but these things is seen, the nearer ones first, as the decoder reads it: drawing, centre and size per cell, empty ones left out. */
async function read(filled: readonly Filled[]) {
  const g = new GraphBuilder();
  const { front, behind } = readCells(g, g.input('latent', [1, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE]));
  for (const [name, { code, box, support }] of Object.entries({ front, behind })) {
    g.output(`${name}.drawing`, mostLike(g, 'drawing', code));
    g.output(`${name}.box`, box);
    g.output(`${name}.support`, support);
  }
  const scene = composeScene(seededRandom(3), { things: { min: 1, max: 1 } });
  const features = cellFeatures(scene, new Uint8Array(LAYERS * CELLS));
  for (const thing of filled) {
    const size = [thing.columns, thing.rows].map(
      ([from, to]) => (Math.log((to - from) / GRID) - MEAN_LN_SIZE) / LN_SIZE_UNIT,
    );
    const numbers = [...middleOf(thing).map((at) => (at - 0.5) / PLACE_UNIT), ...size];
    for (let row = thing.rows[0]; row < thing.rows[1]; row++) {
      for (let column = thing.columns[0]; column < thing.columns[1]; column++) {
        const cell = row * GRID + column;
        const layer = features.drawings[cell] === 0 ? 0 : 1;
        features.drawings[layer * CELLS + cell] = thing.drawing;
        for (const [feature, value] of numbers.entries())
          features.numbers[(layer * NUMBERS + feature) * CELLS + cell] = value;
      }
    }
  }
  const pass = await ForwardPass.create(g, 'cpu');
  const outputs = await pass.run({ latent: encodeCells(features) }, new Map());
  await pass.release();
  return (['front', 'behind'] as const).flatMap((layer) =>
    Array.from({ length: CELLS }, (_, cell) => ({
      cell,
      layer,
      support: outputs[`${layer}.support`]![cell]!,
      drawing: outputs[`${layer}.drawing`]![cell]!,
      middle: [...outputs[`${layer}.box`]!.subarray(4 * cell, 4 * cell + 2)],
    })).filter(({ support }) => support > 0.05),
  );
}

// The row between them is empty, and each of its cells has three neighbours of either.
const above: Filled = { drawing: 12, columns: [4, 10], rows: [2, 6] };
const below: Filled = { drawing: 60, columns: [3, 11], rows: [7, 13] };

test('a cell between two things sides with one of them: the mean of both would be a scrap of one in the middle of nowhere', async () => {
  const seen = await read([above, below]);
  const between = seen.filter(({ cell }) => Math.floor(cell / GRID) === 6);
  expect(between.length).toBeGreaterThan(3);
  for (const { drawing, middle } of seen) {
    const thing = drawing === above.drawing ? above : below;
    expect(drawing).toBe(thing.drawing);
    middleOf(thing).forEach((at, axis) => {
      expect(middle[axis]).toBeCloseTo(at, 2);
    });
  }
});

test('a thing fills no cell that is more than two from its box', async () => {
  for (const { cell } of await read([below])) {
    const [column, row] = [cell % GRID, Math.floor(cell / GRID)];
    expect(column).toBeGreaterThanOrEqual(below.columns[0] - 2);
    expect(column).toBeLessThanOrEqual(below.columns[1] + 1);
    expect(row).toBeGreaterThanOrEqual(below.rows[0] - 2);
    expect(row).toBeLessThanOrEqual(below.rows[1] + 1);
  }
});

test('a thing of two cells is there before one that fills them, and a single cell says nothing', async () => {
  const man: Filled = { drawing: 1, columns: [5, 9], rows: [3, 12] };
  const glasses: Filled = { drawing: 90, columns: [6, 8], rows: [4, 5] };
  const slip: Filled = { drawing: 91, columns: [13, 14], rows: [4, 5] };
  const seen = await read([glasses, man, slip]);
  const of = ({ drawing }: Filled, layer: string) =>
    seen.filter((one) => one.drawing === drawing && one.layer === layer && one.support > 0.9).map(({ cell }) => cell);
  expect(of(glasses, 'front')).toEqual([4 * GRID + 6, 4 * GRID + 7]);
  expect(of(man, 'behind')).toEqual(expect.arrayContaining([4 * GRID + 6, 4 * GRID + 7]));
  expect(of(slip, 'front')).toEqual([]);
});
