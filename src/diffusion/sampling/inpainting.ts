/**
 * Inpainting: of an earlier picture only what a change of its graph reaches is painted anew. Outside of the mask the earlier
 * latent is put back at every noise level, with the very noise that the painting started from (RePaint, Lugmayr et al. 2022, equation 8,
 * without their resampling).
 *
 * The mask lies where the attention of the nodes and edges in question lies, in the earlier picture and in the one being painted.
 */

import type { Denoise } from './parametrisation.ts';

/** Below this share of the way from a map's mean to its maximum a pixel is not the token's; above SURELY it is. */
const PERHAPS = 0.3;
const SURELY = 0.7;
/** How much of a pixel's freedom the eight around it share: an object that moves or grows needs room. */
const BESIDE = 0.6;
const DIAGONALLY = 0.3;

interface Grid {
  readonly height: number;
  readonly width: number;
}

/**
 * Maps of height × width → in [0, 1] how far above its mean the map stands out at each pixel, the most that any map does. The mean is
 * taken off because an edge's attention often lies everywhere a little: what is everywhere is no place. A map that is flat stands
 * out nowhere.
 */
export function unionOf(maps: readonly Float32Array[], { height, width }: Grid): Float32Array<ArrayBuffer> {
  const union = new Float32Array(height * width);
  for (const map of maps) {
    const top = map.reduce((highest, value) => Math.max(highest, value), 0);
    const mean = map.reduce((sum, value) => sum + value, 0) / map.length;
    if (top > mean)
      for (const [i, value] of map.entries()) union[i] = Math.max(union[i]!, (value - mean) / (top - mean));
  }
  return union;
}

/**
 * @param unions (h·w) in [0, 1] each, of unionOf
 * @returns (h·w) in [0, 1]: how free each pixel of the latent is, 1 where the attention surely lies, softer around it, 0 = kept
 */
export function softMask(unions: readonly Float32Array[], { height, width }: Grid): Float32Array<ArrayBuffer> {
  const seeds = Float32Array.from({ length: height * width }, (_, i) =>
    smoothStep(unions.reduce((most, union) => Math.max(most, union[i]!), 0)),
  );
  return Float32Array.from(seeds, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width];
    let most = 0;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const isInside = y + dy >= 0 && y + dy < height && x + dx >= 0 && x + dx < width;
        if (isInside) most = Math.max(most, seeds[i + dy * width + dx]! * spread(dx, dy));
      }
    }
    return most;
  });
}

const spread = (dx: number, dy: number): number => [1, BESIDE, DIAGONALLY][Math.abs(dx) + Math.abs(dy)]!;

function smoothStep(value: number): number {
  const t = Math.min(1, Math.max(0, (value - PERHAPS) / (SURELY - PERHAPS)));
  return t * t * (3 - 2 * t);
}

export interface InpaintingSource {
  /** (C·h·w) the earlier latent. */
  readonly latent: Float32Array;
  /** (C·h·w) the unit noise that the painting started from. */
  readonly noise: Float32Array;
  /** (h·w) in [0, 1], asked before every call of the network: 1 = painted, 0 = kept. */
  readonly mask: () => Float32Array;
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
export function inpainting(denoise: Denoise, { latent, noise, mask }: InpaintingSource): InpaintingDenoiser {
  let last: Float32Array | undefined;
  const blend = (painted: Float32Array, kept: (i: number) => number, free: Float32Array) =>
    painted.map((value, i) => {
      const share = free[i % free.length]!;
      return share === 1 ? value : share * value + (1 - share) * kept(i);
    });
  return {
    async denoise(x, sigma) {
      const free = mask();
      last = free;
      const seen = blend(x, (i) => latent[i]! + sigma * noise[i]!, free);
      return blend(await denoise(seen, sigma), (i) => latent[i]!, free);
    },
    settle(clean) {
      const free = last;
      return free ? clean.map((value, i) => (free[i % free.length] === 0 ? latent[i]! : value)) : clean;
    },
  };
}
