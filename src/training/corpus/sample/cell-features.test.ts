import { describe, expect, it, vi } from 'vitest';
import { seededRandom } from '#graph/random.ts';
import { composeScene } from '#training/corpus/compose/compose.ts';
import { renderScene } from '#training/corpus/render/render.ts';
import { isThing, type PlacedObject } from '#training/corpus/world/scene.ts';
import { grounds, styles } from '#training/corpus/world/setting.ts';
import {
  cellFeatures,
  drawingOf,
  GRID,
  LAYERS,
  LN_SIZE_UNIT,
  MEAN_LN_SIZE,
  NUMBERS,
  PLACE_UNIT,
  shownIn,
} from './cell-features.ts';

// Drawings are rasterised once.
vi.setConfig({ testTimeout: 60_000 });

const CELLS = GRID * GRID;

describe('cell features', () => {
  it('name in each cell the two things that are seen most, the nearer one first, and give their boxes back', () => {
    let [both, nearerIsLess] = [0, 0];
    for (let seed = 0; seed < 30; seed++) {
      const scene = composeScene(seededRandom(seed), {
        things: { min: 1, max: 5 },
        mixture: { wearing: 1, contained: 1 },
      });
      const rendered = renderScene(scene, { size: 64, grid: GRID });
      const shown = shownIn(rendered);
      const { drawings, numbers, ground, style } = cellFeatures(scene, shown);
      const region = scene.objects.filter(({ isGround }) => isGround)[1]!;
      expect([grounds[ground], styles[style]]).toEqual([region.label, scene.style]);
      expect(numbers.length).toBe(LAYERS * NUMBERS * CELLS);
      for (let cell = 0; cell < CELLS; cell++) {
        const seen = (place: number) => rendered.masks[place * CELLS + cell]!;
        const there = scene.objects.flatMap((object, place) => (isThing(object) && seen(place) > 5 ? [place] : []));
        const most = there.sort((a, b) => seen(b) - seen(a)).slice(0, LAYERS);
        const told = [shown[cell]!, shown[CELLS + cell]!].filter((place) => place > 0).map((place) => place - 1);
        // Two may be seen alike.
        expect(told.map(seen).sort()).toEqual(most.map(seen).sort());
        if (told.length === 0) expect([drawings[cell], drawings[CELLS + cell]]).toEqual([0, 0]);
        told.forEach((place, layer) => {
          const object = scene.objects[place]!;
          expect(drawings[layer * CELLS + cell]).toBe(drawingOf(object.label));
          const at = (feature: number) => numbers[(layer * NUMBERS + feature) * CELLS + cell]!;
          const [left, top, right, bottom] = object.box;
          const full = (bottom - top) / (object.shown ?? 1);
          expect(0.5 + at(0) * PLACE_UNIT).toBeCloseTo((left + right) / 2, 5);
          expect(0.5 + at(1) * PLACE_UNIT).toBeCloseTo(top + full / 2, 5);
          expect(Math.exp(at(2) * LN_SIZE_UNIT + MEAN_LN_SIZE)).toBeCloseTo(right - left, 5);
          expect(Math.exp(at(3) * LN_SIZE_UNIT + MEAN_LN_SIZE)).toBeCloseTo(full, 5);
        });
        if (told.length < 2) continue;
        both++;
        const [near, far] = told.map((place) => scene.objects[place]!) as [PlacedObject, PlacedObject];
        expect(near.depth).toBeGreaterThanOrEqual(far.depth);
        if (seen(told[0]!) < seen(told[1]!)) nearerIsLess++;
      }
    }
    expect(both).toBeGreaterThan(100);
    // By visible share alone a hat would be behind its wearer.
    expect(nearerIsLess).toBeGreaterThan(20);
  });

  it('need masks of their own grid', () => {
    const scene = composeScene(seededRandom(1), { things: { min: 1, max: 1 } });
    expect(() => shownIn(renderScene(scene, { size: 64, grid: 8 }))).toThrow('16 × 16 cells, not 8');
  });
});
