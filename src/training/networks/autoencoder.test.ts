import { expect, test, vi } from 'vitest';
import { seededRandom } from '#graph/random.ts';
import { composeScene } from '#training/corpus/compose/compose.ts';
import { renderScene } from '#training/corpus/render/render.ts';
import {
  type CellFeatures,
  cellFeatures,
  GRID,
  LAYERS,
  NUMBERS,
  shownIn,
} from '#training/corpus/sample/cell-features.ts';
import {
  codeOf,
  encodeCells,
  FEATURE_COUNT,
  FEATURES,
  LATENT_CHANNELS,
  LATENT_SIDE,
  PATCH,
  wholePictureChannels,
} from './autoencoder.ts';

// Drawings are rasterised once.
vi.setConfig({ testTimeout: 60_000 });

const featuresOf = (seed: number): CellFeatures => {
  const scene = composeScene(seededRandom(seed), { things: { min: 2, max: 4 } });
  return cellFeatures(scene, shownIn(renderScene(scene, { size: 64, grid: GRID })));
};

test('ground, style and hour are in the channels that say so, and nothing else is', () => {
  const { ground, style, night, ...things } = featuresOf(1);
  const there = { ground, style, night };
  const own = encodeCells({ ...there, ...things });
  const moved = encodeCells({ ground: ground + 1, style: style + 1, night: !night, ...things });
  const others = encodeCells({ ...featuresOf(2), ...there });
  const pixels = LATENT_SIDE ** 2;
  const changed = (to: Float32Array) =>
    Array.from({ length: LATENT_CHANNELS }, (_, c) => c).filter((c) =>
      own.subarray(c * pixels, (c + 1) * pixels).some((value, i) => value !== to[c * pixels + i]),
    );
  expect(changed(moved)).toEqual([...wholePictureChannels].sort((a, b) => a - b));
  expect(changed(others).filter((channel) => wholePictureChannels.includes(channel))).toEqual([]);
});

test('every cell holds the code and the numbers of both of its layers, at its place in its token', () => {
  const features = featuresOf(3);
  const latent = encodeCells(features);
  const cells = GRID * GRID;
  for (let cell = 0; cell < cells; cell++) {
    const [x, y] = [cell % GRID, Math.floor(cell / GRID)];
    const block = (y % PATCH) * PATCH + (x % PATCH);
    const token = Math.floor(y / PATCH) * LATENT_SIDE + Math.floor(x / PATCH);
    const said = Array.from(
      { length: FEATURE_COUNT },
      (_, i) => latent[(block * FEATURE_COUNT + i) * LATENT_SIDE ** 2 + token],
    );
    for (let layer = 0; layer < LAYERS; layer++) {
      const from = layer * (FEATURES.drawing + NUMBERS);
      const drawing = features.drawings[layer * cells + cell]!;
      expect(said.slice(from, from + FEATURES.drawing)).toEqual([...codeOf('drawing', drawing)]);
      const numbers = Array.from({ length: NUMBERS }, (_, i) => features.numbers[(layer * NUMBERS + i) * cells + cell]);
      expect(said.slice(from + FEATURES.drawing, from + FEATURES.drawing + NUMBERS)).toEqual(numbers);
    }
    expect(said[LAYERS * (FEATURES.drawing + NUMBERS)]).toBe(features.below[cell]);
  }
});
