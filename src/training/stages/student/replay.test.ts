import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { sampleEuler } from '#diffusion/sampling/samplers/euler.ts';
import { Replay } from './replay.ts';
import { denoisedBetween, studentLevels, type Trajectory } from './teacher.ts';

const LEVELS = [80, 9, 1.5];
const conditioning = {} as Trajectory['conditioning'];
const latent = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 });

it('asks for what leads Euler’s method from each station to the next, the last to the clean latent', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(latent, { minLength: 4, maxLength: 4 }), async (stations) => {
      const way = stations.map((station) => Float32Array.from(station));
      let passes = 0;
      const denoise = async (x: Float32Array, sigma: number) => {
        const at = LEVELS.indexOf(sigma);
        passes++;
        return denoisedBetween(x, sigma, way[at + 1]!, LEVELS[at + 1] ?? 0);
      };
      const end = await sampleEuler(denoise, way[0]!, [...LEVELS, 0]);
      expect(passes).toBe(LEVELS.length);
      for (const [i, value] of end.entries()) expect(value).toBeCloseTo(way.at(-1)![i]!, 2);
    }),
  );
});

it('asks for the clean latent from the pass on that fresh noise follows', async () => {
  const way = [7, 5, 3, 2].map((value) => Float32Array.of(value));
  const replay = new Replay(
    LEVELS,
    async () => [{ conditioning, stations: way }],
    { held: 1, uses: 60, freshFrom: 1 },
    seededNoise(2),
  );
  for (const { sigma, x, denoised } of await replay.draw(60)) {
    const pass = LEVELS.indexOf(sigma);
    expect(x).toBe(way[pass]);
    if (pass === 0) expect(denoised[0]).toBeCloseTo((5 - (9 / 80) * 7) / (1 - 9 / 80), 5);
    else expect(denoised).toBe(way[3]);
  }
});

it('takes levels of the teacher’s own schedule', () => {
  const model = { sigma: { min: 0.25, max: 80, data: 1 } };
  expect(studentLevels(model, 16, [0, 4, 8, 12]).map((sigma) => +sigma.toFixed(2))).toEqual([80, 25.71, 6.63, 1.23]);
  for (const wrong of [
    [4, 8],
    [0, 8, 8],
    [0, 16],
  ])
    expect(() => studentLevels(model, 16, wrong)).toThrow('must rise from 0 and stay below 16');
});

it('draws from each trajectory as often as it is told on the average, and holds the newest', async () => {
  let made = 0;
  const more = async () =>
    Array.from({ length: 4 }, (): Trajectory => {
      const mark = Float32Array.of(made++);
      return { conditioning, stations: [mark, mark, mark, mark] };
    });
  const replay = new Replay(LEVELS, more, { held: 8, uses: 6, freshFrom: 3 }, seededNoise(1));
  const seen: number[] = [];
  for (let i = 0; i < 60; i++) seen.push(...(await replay.draw(4)).map(({ x }) => x[0]!));
  expect(seen.length).toBe(240);
  expect(made).toBe(40);
  expect(Math.min(...seen.slice(-20))).toBeGreaterThanOrEqual(made - 8);
});
