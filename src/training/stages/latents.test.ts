import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { type SafetensorsTensor, writeSafetensors } from '#engine/formats/safetensors.ts';
import type { Scene } from '#training/corpus/world/scene.ts';
import { LATENT_CHANNELS, LATENT_SIDE } from '#training/networks/autoencoder.ts';
import { smallConfig, smallContext } from '#training/run/small-context.fixture.ts';
import { LatentSet, rarities } from './latents.ts';

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

test('a set draws each of its scenes as often as its rarity says', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-'));
  const count = smallConfig.latents.scenes;
  // Two riders, one of them at the end, among thirty others.
  const scenes = Array.from({ length: count }, (_, i) => ({
    ...scene(i === 3 || i === count - 1 ? 'riding' : 'above'),
    style: `scene ${i}`,
  }));
  const weights = rarities(scenes);
  expect(weights[3]).toBeCloseTo(Math.sqrt(15), 10);
  const floats = (length: number): SafetensorsTensor => ({
    dtype: 'F32',
    shape: [length],
    data: new Float32Array(length),
  });
  const bytes = (data: Uint8Array): SafetensorsTensor => ({ dtype: 'U8', shape: [data.length], data });
  const tensors = new Map([
    ['latents', floats(count * LATENT_CHANNELS * LATENT_SIDE ** 2)],
    ['features', floats(count * smallConfig.clip.featureWidth)],
    ['masks', bytes(new Uint8Array(0))],
    ['scenes', bytes(new TextEncoder().encode(JSON.stringify(scenes)))],
  ]);
  mkdirSync(join(folder, 'latents'));
  writeFileSync(join(folder, 'latents', '0.safetensors'), writeSafetensors(tensors));
  const set = new LatentSet(smallContext(folder));
  const counts = new Array<number>(count).fill(0);
  const draws = 4000;
  for (let k = 0; k < draws; k++) {
    const random = { ...seededNoise(0), uniform: () => (k + 0.5) / draws };
    counts[Number(set.draw(random).scene.style.slice('scene '.length))]!++;
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // Evenly spread draws: each is off by one at most.
  for (const [i, drawn] of counts.entries())
    expect(Math.abs(drawn - (draws * weights[i]!) / total)).toBeLessThan(1 + 1e-9);
});
