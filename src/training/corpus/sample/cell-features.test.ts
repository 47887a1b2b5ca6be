import { describe, expect, it, vi } from 'vitest';
import { seededRandom } from '#graph/random.ts';
import { composeScene } from '#training/corpus/compose/compose.ts';
import { renderScene } from '#training/corpus/render/render.ts';
import { isThing } from '#training/corpus/world/scene.ts';
import { grounds, styles } from '#training/corpus/world/setting.ts';
import { things } from '#training/corpus/world/things.ts';
import { cellFeatures, GRID, LN_SIZE_UNIT, MEAN_LN_SIZE, NUMBERS, PLACE_UNIT } from './cell-features.ts';

// Drawings are rasterised once.
vi.setConfig({ testTimeout: 60_000 });

const CELLS = GRID * GRID;

describe('cell features', () => {
  it('name in each cell the thing that is seen most, and give its box back', () => {
    for (let seed = 0; seed < 30; seed++) {
      const scene = composeScene(seededRandom(seed), { things: { min: 1, max: 5 } });
      const rendered = renderScene(scene, { size: 64, grid: GRID });
      const { drawings, numbers, ground, style } = cellFeatures(rendered);
      const region = scene.objects.filter(({ isGround }) => isGround)[1]!;
      expect([grounds[ground], styles[style]]).toEqual([region.label, scene.style]);
      expect(numbers.length).toBe(NUMBERS * CELLS);
      const at = (feature: number, cell: number) => numbers[feature * CELLS + cell] as number;
      for (let cell = 0; cell < CELLS; cell++) {
        const seen = (place: number) => rendered.masks[place * CELLS + cell] as number;
        const most = Math.max(...scene.objects.map((object, place) => (isThing(object) ? seen(place) : 0)));
        const drawing = drawings[cell] as number;
        expect(drawing > 0).toBe(most > 5);
        if (drawing === 0) continue;
        const width = Math.exp(at(3, cell) * LN_SIZE_UNIT + MEAN_LN_SIZE);
        const height = Math.exp(at(4, cell) * LN_SIZE_UNIT + MEAN_LN_SIZE);
        const x = 0.5 + at(1, cell) * PLACE_UNIT;
        const y = 0.5 + at(2, cell) * PLACE_UNIT;
        const label = things[drawing - 1]!.label;
        const found = scene.objects.filter((object, place) => {
          const [left, top, right, bottom] = object.box;
          const full = (bottom - top) / (object.shown ?? 1);
          const near = (a: number, b: number) => Math.abs(a - b) < 1e-5;
          return (
            object.label === label &&
            seen(place) === most &&
            near(x, (left + right) / 2) &&
            near(y, top + full / 2) &&
            near(width, right - left) &&
            near(height, full)
          );
        });
        expect(found.length, `seed ${seed}, cell ${cell}`).toBeGreaterThan(0);
      }
    }
  });

  it('need masks of their own grid', () => {
    const scene = composeScene(seededRandom(1), { things: { min: 1, max: 1 } });
    expect(() => cellFeatures(renderScene(scene, { size: 64, grid: 8 }))).toThrow('16 × 16 cells, not 8');
  });
});
