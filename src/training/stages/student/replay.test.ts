import { expect, it } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { Replay } from './replay.ts';
import type { Lesson } from './teacher.ts';

const conditioning = {} as Lesson['conditioning'];

it('makes two guesses of the same noise level at a picture, with half of the noise’s power in common', async () => {
  const size = 4000;
  const clean = new Float32Array(size).fill(3);
  const replay = new Replay([80, 5], async () => [{ conditioning, clean }], { held: 1, uses: 80 }, seededNoise(2));
  const power = (values: Float32Array) => values.reduce((sum, value) => sum + value ** 2, 0) / size;
  const seen = new Set<number>();
  for (const { sigma, noisy, ...lesson } of await replay.draw(40)) {
    seen.add(sigma);
    expect(lesson).toEqual({ conditioning, clean });
    const [first, second] = noisy.map((x) => x.map((value, i) => (value - clean[i]!) / sigma)) as [
      Float32Array,
      Float32Array,
    ];
    expect(power(first)).toBeCloseTo(1, 0);
    expect(power(second)).toBeCloseTo(1, 0);
    // Half of the power of each is its own: E(z₁ − z₂)² = 2 · ½.
    expect(Math.abs(power(first.map((value, i) => value - second[i]!)) - 1)).toBeLessThan(0.15);
  }
  expect(seen).toEqual(new Set([80, 5]));
});

it('guesses at each picture as often as it is told on the average, and holds the newest', async () => {
  let made = 0;
  const more = async () => Array.from({ length: 4 }, (): Lesson => ({ conditioning, clean: Float32Array.of(made++) }));
  const replay = new Replay([9, 1], more, { held: 8, uses: 6 }, seededNoise(1));
  const seen: number[] = [];
  for (let i = 0; i < 60; i++) seen.push(...(await replay.draw(2)).map(({ clean }) => clean[0]!));
  expect(seen.length).toBe(120);
  expect(made).toBe(40);
  expect(Math.min(...seen.slice(-10))).toBeGreaterThanOrEqual(made - 8);
});
