import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inpainting, softMask, unionOf } from './inpainting.ts';
import { seededNoise } from './noise.ts';
import { samplers } from './samplers.ts';
import { sigmaSchedule } from './schedule.ts';

const grid = { height: 4, width: 5 };
const pixels = grid.height * grid.width;
const channels = 2;
const mapOf = (peak: number, floor = 0) => Float32Array.from({ length: pixels }, (_, i) => (i === peak ? 1 : floor));

describe('unionOf', () => {
  it('is 1 at every map’s peak and 0 where no map stands out of its mean', () => {
    const union = unionOf([mapOf(3), mapOf(17, 0.5)], grid);
    expect(union[3]).toBe(1);
    expect(union[17]).toBe(1);
    expect(union[0]).toBe(0);
  });

  it('finds no place in a map that is flat, or in no map', () => {
    expect([...unionOf([new Float32Array(pixels).fill(0.2)], grid)]).toEqual(new Array(pixels).fill(0));
    expect([...unionOf([], grid)]).toEqual(new Array(pixels).fill(0));
  });
});

describe('softMask', () => {
  it('is 1 at a peak, softer beside and diagonally, 0 two pixels away', () => {
    const mask = softMask([unionOf([mapOf(1 * grid.width + 2)], grid)], grid);
    const at = (y: number, x: number) => mask[y * grid.width + x];
    expect(at(1, 2)).toBe(1);
    expect(at(1, 3)).toBeCloseTo(0.6);
    expect(at(0, 1)).toBeCloseTo(0.3);
    expect(at(3, 2)).toBe(0);
    expect(at(1, 0)).toBe(0);
  });

  it('stays within [0, 1] and only grows with more maps', () => {
    const map = fc
      .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: pixels, maxLength: pixels })
      .map((values) => Float32Array.from(values));
    fc.assert(
      fc.property(fc.array(map, { maxLength: 3 }), map, (maps, one) => {
        const less = softMask([unionOf(maps, grid)], grid);
        const more = softMask([unionOf([...maps, one], grid)], grid);
        expect(more.every((value, i) => value >= less[i]! && value <= 1)).toBe(true);
      }),
    );
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
