/**
 * Inpainting: of an earlier picture only what a change of its graph reaches is painted anew. Outside of the mask the earlier
 * latent is put back at every noise level, with the very noise that the painting started from (RePaint, Lugmayr et al. 2022, equation 8,
 * without their resampling).
 *
 * Where things go is decided at high noise, so there everything is free: with the other things in place from the first step on 16 of 30 turned edges
 * hold, so 20 (22 when painted whole). From LOOSE down the mask lies where the attention of the changed objects lies, in the earlier picture and in
 * the one being painted.
 */

import type { Denoise } from './parametrisation.ts';

/** Above this noise, in standard deviations of the latents, a picture has no more than a layout. */
export const LOOSE = 3;
/** From this share of its maximum a map says that an object is there. From 0.12 on as many edges turn, and 0.979 of the rest is kept in place of 0.982. */
const THERE = 0.2;

/** Maps of height × width → in [0, 1] how near each pixel is to the maximum of one of them; 0 everywhere without any. */
export function placeOf(maps: readonly Float32Array[], pixels: number): Float32Array<ArrayBuffer> {
  const place = new Float32Array(pixels);
  for (const map of maps) {
    const top = map.reduce((highest, value) => Math.max(highest, value), 0);
    if (top > 0) for (const [i, value] of map.entries()) place[i] = Math.max(place[i]!, value / top);
  }
  return place;
}

/**
 * @param places (h·w) of placeOf: where changed objects are, before and now
 * @returns (h·w) 1 where it is painted, 0 where it is kept. A cell says which drawing it shows: half of one and half of another is neither.
 */
export function hardMask(places: readonly Float32Array[], pixels: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: pixels }, (_, i) => (places.some((place) => place[i]! >= THERE) ? 1 : 0));
}

/**
 * @param maps of objects that are to stay, and of the changed ones, both in the earlier picture
 * @returns (h·w) 1 where the first lie and show at least as much as the changed ones do
 */
export function fixedCells(maps: readonly Float32Array[], changed: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const pixels = maps[0]?.length ?? 0;
  const [stays, moves] = [placeOf(maps, pixels), placeOf(changed, pixels)];
  return stays.map((share, i) => (share >= THERE && share >= moves[i]! ? 1 : 0));
}

export interface InpaintingSource {
  /** (C·h·w) the earlier latent. */
  readonly latent: Float32Array;
  /** (C·h·w) the unit noise that the painting started from. */
  readonly noise: Float32Array;
  /** (h·w) in [0, 1], asked before every call of the network: 1 = painted, 0 = kept. */
  readonly mask: (sigma: number) => Float32Array;
  /** Channels that are kept everywhere, whatever the mask says. */
  readonly channels?: readonly number[] | undefined;
}

export interface InpaintingDenoiser {
  readonly denoise: Denoise;
  /** Of the sampler's last latent: what was to be kept is put back to the bit. */
  settle(clean: Float32Array): Float32Array;
}

/**
 * Told that the denoised picture is the earlier one, every sampler of the ODE keeps x = latent + sigma · noise there by itself; x is put
 * right before the network sees it all the same, for the mask may change on the way and a stochastic sampler brings other noise. A mask of ones is `denoise` itself.
 */
export function inpainting(
  denoise: Denoise,
  { latent, noise, mask, channels = [] }: InpaintingSource,
): InpaintingDenoiser {
  const kept = new Set(channels);
  const shareAt = (i: number, free: Float32Array) =>
    kept.has(Math.floor(i / free.length)) ? 0 : free[i % free.length]!;
  let last: Float32Array | undefined;
  const blend = (painted: Float32Array, kept: (i: number) => number, free: Float32Array) =>
    painted.map((value, i) => {
      const share = shareAt(i, free);
      return share === 1 ? value : share * value + (1 - share) * kept(i);
    });
  return {
    async denoise(x, sigma) {
      const free = mask(sigma);
      last = free;
      const seen = blend(x, (i) => latent[i]! + sigma * noise[i]!, free);
      return blend(await denoise(seen, sigma), (i) => latent[i]!, free);
    },
    settle(clean) {
      const free = last;
      return free ? clean.map((value, i) => (shareAt(i, free) === 0 ? latent[i]! : value)) : clean;
    },
  };
}
