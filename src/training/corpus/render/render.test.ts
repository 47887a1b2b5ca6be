import { describe, expect, it, vi } from 'vitest';
import { seededRandom } from '#graph/random.ts';
import { composeScene } from '#training/corpus/compose/compose.ts';
import type { Scene } from '#training/corpus/world/scene.ts';
import { renderScene } from './render.ts';

// Every file draws the sprites that it needs once.
vi.setConfig({ testTimeout: 60_000 });

const region = (label: string, top: number, bottom: number) => ({
  label,
  attributes: [],
  box: [0, top, 1, bottom] as const,
  depth: 0,
  isGround: true,
});
const ball = (box: readonly [number, number, number, number], depth: number) => ({
  label: 'ball',
  attributes: [],
  box,
  depth,
  isGround: false,
});
const sceneOf = (...objects: Scene['objects']): Scene => ({
  style: 'twemoji',
  objects: [...objects, region('sky', 0, 0.5), region('grass', 0.5, 1)],
  relations: [],
});
const sumOf = (masks: Uint8Array, object: number, cells: number) =>
  masks.subarray(object * cells, (object + 1) * cells).reduce((sum, share) => sum + share, 0);

describe('a rendered scene', () => {
  it('covers each cell exactly once with what is visible in it', () => {
    for (let seed = 0; seed < 40; seed++) {
      const scene = composeScene(seededRandom(seed), { things: { min: 1, max: 4 } });
      const { masks, grid } = renderScene(scene, { size: 128, grid: 16 });
      expect(masks.length).toBe(scene.objects.length * grid * grid);
      const totals = Array.from({ length: grid * grid }, (_, cell) =>
        scene.objects.reduce(
          (sum, { partOf }, object) =>
            sum + (partOf === undefined ? (masks[object * grid * grid + cell] as number) : 0),
          0,
        ),
      );
      scene.objects.forEach(({ partOf }, part) => {
        if (partOf === undefined) return;
        const mask = (object: number) => masks.subarray(object * grid * grid, (object + 1) * grid * grid);
        expect(mask(part).every((share, cell) => share <= (mask(partOf)[cell] as number))).toBe(true);
      });
      // Each object's share is rounded on its own.
      expect(totals.filter((total) => Math.abs(total - 255) > scene.objects.length)).toEqual([]);
    }
  });

  it('shows at least half of every thing', () => {
    let hidden = 0;
    let things = 0;
    for (let seed = 0; seed < 100; seed++) {
      const scene = composeScene(seededRandom(seed), { things: { min: 1, max: 4 } });
      const all = renderScene(scene, { size: 128, grid: 32 });
      scene.objects.forEach((object, index) => {
        if (object.isGround || object.partOf !== undefined) return;
        const regions = scene.objects.filter(({ isGround }) => isGround);
        const alone = renderScene({ ...scene, objects: [object, ...regions] }, { size: 128, grid: 32 });
        things++;
        if (sumOf(all.masks, index, 1024) < 0.5 * sumOf(alone.masks, 0, 1024)) hidden++;
      });
    }
    expect(hidden / things).toBeLessThan(0.01);
  });

  it('lets nearer things hide further ones, whatever their order', () => {
    const near = ball([0.25, 0.25, 0.75, 0.75], 3);
    const far = ball([0.375, 0.375, 0.625, 0.625], 1);
    for (const objects of [
      [near, far],
      [far, near],
    ]) {
      const { masks } = renderScene(sceneOf(...objects), { size: 64, grid: 16 });
      expect(sumOf(masks, objects.indexOf(far), 256)).toBe(0);
      expect(sumOf(masks, objects.indexOf(near), 256)).toBeGreaterThan(0.7 * 64 * 255);
    }
  });

  it('cuts what is not shown', () => {
    const whole = renderScene(sceneOf(ball([0.25, 0.25, 0.75, 0.75], 1)), { size: 64, grid: 16 });
    const half = renderScene(sceneOf({ ...ball([0.25, 0.25, 0.75, 0.5], 1), shown: 0.5 }), { size: 64, grid: 16 });
    expect(half.rgb.subarray(0, 64 * 32 * 3)).toEqual(whole.rgb.subarray(0, 64 * 32 * 3));
    expect(sumOf(half.masks, 0, 256) / sumOf(whole.masks, 0, 256)).toBeCloseTo(0.5, 1);
  });

  it('paints the same scene at twice the size', () => {
    const scene = composeScene(seededRandom(5), { things: { min: 3, max: 3 } });
    const [small, large] = [renderScene(scene, { size: 128, grid: 16 }), renderScene(scene, { size: 256, grid: 16 })];
    expect(large.rgb.length).toBe(4 * small.rgb.length);
    const difference = small.masks.reduce((sum, share, at) => sum + Math.abs(share - (large.masks[at] as number)), 0);
    expect(difference / small.masks.length).toBeLessThan(2);
  });

  it('refuses a size that the grid does not divide', () => {
    expect(() => renderScene(sceneOf(), { size: 100, grid: 16 })).toThrow(/100 px/);
  });
});
