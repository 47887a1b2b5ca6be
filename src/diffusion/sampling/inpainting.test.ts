import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedCells, hardMask, inpainting, placeOf } from './inpainting.ts';
import { seededNoise } from './noise.ts';
import { samplers } from './samplers.ts';
import { sigmaSchedule } from './schedule.ts';

const grid = { height: 4, width: 5 };
const pixels = grid.height * grid.width;
const channels = 2;
const mapOf = (peak: number, floor = 0) => Float32Array.from({ length: pixels }, (_, i) => (i === peak ? 1 : floor));

describe('placeOf', () => {
  it('is 1 at every map’s maximum, whatever that is, and 0 everywhere without any', () => {
    const place = placeOf([mapOf(3), mapOf(17).map((value) => value / 4)], pixels);
    expect(place[3]).toBe(1);
    expect(place[17]).toBe(1);
    expect(place[0]).toBe(0);
    expect([...placeOf([new Float32Array(pixels)], pixels)]).toEqual(new Array(pixels).fill(0));
    expect([...placeOf([], pixels)]).toEqual(new Array(pixels).fill(0));
  });
});

describe('hardMask', () => {
  it('is 1 where a place is, its rim too, and 0 elsewhere', () => {
    const mask = hardMask([mapOf(3, 0.1), mapOf(17, 0.1), mapOf(4).map((value) => 0.3 * value)], pixels);
    expect([...mask].flatMap((value, i) => (value === 1 ? [i] : []))).toEqual([3, 4, 17]);
    expect(new Set(mask)).toEqual(new Set([0, 1]));
  });

  it('only grows with more places', () => {
    const map = fc
      .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: pixels, maxLength: pixels })
      .map((values) => Float32Array.from(values));
    fc.assert(
      fc.property(fc.array(map, { maxLength: 3 }), map, (maps, one) => {
        const less = hardMask(maps, pixels);
        expect(hardMask([...maps, one], pixels).every((value, i) => value >= less[i]!)).toBe(true);
      }),
    );
  });
});

describe('fixedCells', () => {
  it('has the cells where what stays shows at least as much as what moves', () => {
    const stays = Float32Array.from({ length: pixels }, (_, i) => [1, 0.5, 0.5, 0.1][i] ?? 0);
    const moves = Float32Array.from({ length: pixels }, (_, i) => [0, 0.5, 1, 0][i] ?? 0);
    const fixed = fixedCells([stays], [moves]);
    expect([...fixed].flatMap((value, i) => (value === 1 ? [i] : []))).toEqual([0, 1]);
    expect(new Set(fixed)).toEqual(new Set([0, 1]));
  });
});

describe('inpainting', () => {
  const size = channels * pixels;
  const noise = seededNoise(3).normals(size);
  const latent = seededNoise(4).normals(size);
  const target = seededNoise(5).normals(size);
  /** A network that pulls towards a picture of its own. */
  const denoise = async (x: Float32Array, sigma: number) =>
    x.map((value, i) => (value + sigma * sigma * target[i]!) / (1 + sigma * sigma));
  const sigmas = sigmaSchedule('karras', 6, { min: 0.02, max: 20 });
  const x = noise.map((z, i) => latent[i]! + sigmas[0]! * z);

  it.each(Object.keys(samplers) as (keyof typeof samplers)[])(
    '%s: a mask of ones paints as if nothing were kept',
    async (name) => {
      const kept = inpainting(denoise, { latent, noise, mask: () => new Float32Array(pixels).fill(1) });
      const painted = kept.settle(await samplers[name](kept.denoise, x, sigmas));
      expect(painted).toEqual(await samplers[name](denoise, x, sigmas));
    },
  );

  it.each(Object.keys(samplers) as (keyof typeof samplers)[])(
    '%s: a mask of zeros gives the earlier latent, to the bit',
    async (name) => {
      const kept = inpainting(denoise, { latent, noise, mask: () => new Float32Array(pixels) });
      expect(kept.settle(await samplers[name](kept.denoise, x, sigmas))).toEqual(latent);
    },
  );

  it('shows the network the earlier latent under the noise that the painting started from, as far as a pixel is kept', async () => {
    const mask = Float32Array.from({ length: pixels }, (_, i) => (i % 5) / 4);
    const seen: number[] = [];
    const answer = async (given: Float32Array) => {
      seen.push(...given);
      return target;
    };
    const [sigma, noisy] = [3, seededNoise(6).normals(size)];
    const denoised = await inpainting(answer, { latent, noise, mask: () => mask }).denoise(noisy, sigma);
    for (let i = 0; i < size; i++) {
      const free = mask[i % pixels]!;
      expect(seen[i]).toBeCloseTo(free * noisy[i]! + (1 - free) * (latent[i]! + sigma * noise[i]!), 5);
      expect(denoised[i]).toBeCloseTo(free * target[i]! + (1 - free) * latent[i]!, 5);
    }
  });

  it('keeps a channel everywhere, to the bit, where it is told to', async () => {
    const kept = inpainting(denoise, { latent, noise, mask: () => new Float32Array(pixels).fill(1), channels: [1] });
    const painted = kept.settle(await samplers['dpmpp-2m'](kept.denoise, x, sigmas));
    expect(painted.subarray(pixels)).toEqual(latent.subarray(pixels));
    painted.subarray(0, pixels).forEach((value, i) => {
      expect(value).not.toBe(latent[i]);
    });
  });

  it('changes what is free and nothing else', async () => {
    const mask = mapOf(7);
    const kept = inpainting(denoise, { latent, noise, mask: () => mask });
    const painted = kept.settle(await samplers['dpmpp-2m'](kept.denoise, x, sigmas));
    painted.forEach((value, i) => {
      if (mask[i % pixels] === 0) expect(value).toBe(latent[i]);
      else expect(value).not.toBe(latent[i]);
    });
  });
});
