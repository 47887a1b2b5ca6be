/** What cells agree on, where two things meet. */
import { expect, test } from 'vitest';
import { seededRandom } from '#graph/random.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { composeScene } from '#training/corpus/compose/compose.ts';
import { renderScene } from '#training/corpus/render/render.ts';
import { GRID, LN_SIZE_UNIT, MEAN_LN_SIZE, PLACE_UNIT } from '#training/corpus/sample/cell-features.ts';
import { encodeScene, sceneInputs } from '#training/networks/autoencoder.ts';
import { sceneFeeds } from '#training/stages/feeds/autoencoder-feeds.ts';
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

/** A latent in which nothing but these things is seen, as the decoder reads it: drawing, centre and size per cell, empty ones left out. */
async function read(filled: readonly Filled[]) {
  const g = new GraphBuilder();
  const { front, behind } = readCells(g, encodeScene(g, sceneInputs(g, 1)));
  for (const [name, { code, box, support }] of Object.entries({ front, behind })) {
    g.output(`${name}.drawing`, mostLike(g, 'drawing', code));
    g.output(`${name}.box`, box);
    g.output(`${name}.support`, support);
  }
  const scene = renderScene(composeScene(seededRandom(3), { things: { min: 1, max: 1 } }), { size: 64, grid: GRID });
  const feeds = sceneFeeds([scene]) as Record<string, Float32Array | Int32Array>;
  feeds.drawings!.fill(0);
  for (const feature of [0, 1, 2, 3, 4, 6, 7, 8, 9]) feeds.numbers!.fill(0, feature * CELLS, (feature + 1) * CELLS);
  for (const thing of filled) {
    const size = [thing.columns, thing.rows].map(
      ([from, to]) => (Math.log((to - from) / GRID) - MEAN_LN_SIZE) / LN_SIZE_UNIT,
    );
    const numbers = [2, ...middleOf(thing).map((at) => (at - 0.5) / PLACE_UNIT), ...size];
    for (let row = thing.rows[0]; row < thing.rows[1]; row++) {
      for (let column = thing.columns[0]; column < thing.columns[1]; column++) {
        const cell = row * GRID + column;
        feeds.drawings![cell] = thing.drawing;
        for (const [feature, value] of numbers.entries()) feeds.numbers![feature * CELLS + cell] = value;
      }
    }
  }
  const pass = await ForwardPass.create(g, 'cpu');
  const outputs = await pass.run(feeds, new Map());
  await pass.release();
  return (['front', 'behind'] as const).flatMap((layer) =>
    Array.from({ length: CELLS }, (_, cell) => ({
      cell,
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
