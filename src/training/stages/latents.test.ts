import { expect, test } from 'vitest';
import type { Scene } from '#training/corpus/world/scene.ts';
import { rarities } from './latents.ts';

const scene = (...predicates: string[]): Scene => ({
  style: 'noto',
  objects: [],
  relations: predicates.map((predicate) => ({ subject: 0, predicate, object: 1 })),
});
const times = (n: number, one: Scene) => new Array<Scene>(n).fill(one);

test('a scene weighs more the rarer its rarest relation is, at most six times as much', () => {
  const scenes = [...times(395, scene('above')), ...times(4, scene('above', 'on')), scene('riding', 'above'), scene()];
  const weights = rarities(scenes);
  expect(weights[0]).toBe(1);
  expect(weights.at(-1), 'a scene that relates nothing').toBe(1);
  expect(weights[395], 'on: 400 to 4 is capped').toBe(6);
  expect(weights[399]).toBe(6);
  expect(rarities([...times(4, scene('above')), scene('on')])).toEqual([1, 1, 1, 1, 2]);
});
