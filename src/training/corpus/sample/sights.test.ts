import { expect, test, vi } from 'vitest';
import { seededRandom } from '#graph/random.ts';
import { composeScene } from '#training/corpus/compose/compose.ts';
import { renderScene } from '#training/corpus/render/render.ts';
import { partNames, partsOf } from '#training/corpus/world/parts.ts';
import type { Style } from '#training/corpus/world/setting.ts';
import { worldVocabulary } from '#training/corpus/world/world-vocabulary.ts';
import { classNames, partMaps, seenAs, sightMaps, sights } from './sights.ts';

// The first scenes draw the sprites that they need.
vi.setConfig({ testTimeout: 60_000 });

const scenes = Array.from({ length: 20 }, (_, seed) =>
  renderScene(composeScene(seededRandom(seed), { things: { min: 1, max: 5 } }), { size: 128, grid: 16 }),
);

test('every word of the world can be seen, and words for one drawing are one sight', () => {
  for (const word of worldVocabulary.objects) expect(seenAs(word), word).not.toEqual([]);
  expect(seenAs('lady')).toEqual(seenAs('woman'));
  expect(seenAs('person')).toEqual(expect.arrayContaining([...seenAs('man'), ...seenAs('girl')]));
  expect(seenAs('wheel'), 'the thing, and the part').toEqual([
    sights.indexOf('wheel'),
    sights.length + partNames.indexOf('wheel'),
  ]);
  expect(seenAs('flibbert')).toEqual([]);
  expect(new Set(classNames).size, 'rows of weights are found by name').toBe(classNames.length);
});

test.each([16, 4])('in each of %i × %i cells the sights add up to 1', (cells) => {
  for (const scene of scenes) {
    const maps = sightMaps(scene, cells);
    for (let cell = 0; cell < cells * cells; cell++) {
      const sum = sights.reduce((total, _, sight) => total + (maps[sight * cells * cells + cell] as number), 0);
      // Each object's share is rounded to 1/255 on its own.
      expect(Math.abs(sum - 1)).toBeLessThan(scene.scene.objects.length / 255);
    }
  }
});

test('parts are seen where their wholes are, all that the drawing has and no others', () => {
  for (const scene of scenes) {
    const drawn = new Set(
      scene.scene.objects.flatMap(({ label, partOf }) =>
        partOf === undefined ? partsOf(label, scene.scene.style as Style).map(({ name }) => name) : [],
      ),
    );
    const maps = partMaps(scene, 16);
    partNames.forEach((name, part) => {
      const map = maps.subarray(part * 256, (part + 1) * 256);
      if (!drawn.has(name)) expect(Math.max(...map), name).toBe(0);
      expect(Math.max(...map)).toBeLessThanOrEqual(1);
    });
    // What the graph speaks of agrees with the renderer, but for the rounding of boxes to pixels.
    scene.scene.objects.forEach(({ partOf, label }, place) => {
      if (partOf === undefined) return;
      const whole = partMaps(
        {
          ...scene,
          scene: { ...scene.scene, objects: scene.scene.objects.filter((_, i) => i === partOf) },
          masks: scene.masks.subarray(partOf * 256, (partOf + 1) * 256),
        },
        16,
      );
      const part = partNames.indexOf(label);
      const total = (map: ArrayLike<number>) => Array.from(map).reduce((sum, share) => sum + share, 0);
      const asked = total(whole.subarray(part * 256, (part + 1) * 256));
      const rendered = total(scene.masks.subarray(place * 256, (place + 1) * 256)) / 255;
      expect(Math.abs(asked - rendered)).toBeLessThan(0.15 + 0.1 * rendered);
    });
  }
});
