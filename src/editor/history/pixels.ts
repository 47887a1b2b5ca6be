import type { Picture } from '#engine/contract/protocol.ts';

export function toImageData(picture: Picture): ImageData {
  return new ImageData(picture.pixels, picture.width, picture.height);
}

/** The picture enlarged with the browser's best smoothing; at 1 the very same pixels. */
export function scaledPicture(picture: Picture, scale: number): Picture {
  if (scale === 1) return picture;
  const small = new OffscreenCanvas(picture.width, picture.height);
  small.getContext('2d')!.putImageData(toImageData(picture), 0, 0);
  const width = picture.width * scale;
  const height = picture.height * scale;
  const large = new OffscreenCanvas(width, height);
  const context = large.getContext('2d')!;
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(small, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, pixels: new Uint8ClampedArray(data) };
}

/**
 * What the eye does not see and two paintings of the same thing do not share, of 255. With one edge turned, half of the pixels differ by 1 and
 * nearly all others by 8 or less or by more than 24.
 */
const TOLERANCE = 16;

/** How much two pictures of one size differ at each pixel: grey where they are the same, the accent where they differ most. */
export function differencePicture(before: Picture, after: Picture): Picture {
  const { width, height } = after;
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < pixels.length; i += 4) {
    const difference = Math.max(
      Math.abs(after.pixels[i]! - (before.pixels[i] ?? 0)),
      Math.abs(after.pixels[i + 1]! - (before.pixels[i + 1] ?? 0)),
      Math.abs(after.pixels[i + 2]! - (before.pixels[i + 2] ?? 0)),
    );
    // A square root lifts faint changes into sight.
    const strength = difference > TOLERANCE ? Math.sqrt(difference / 255) : 0;
    const grey = 0.299 * after.pixels[i]! + 0.587 * after.pixels[i + 1]! + 0.114 * after.pixels[i + 2]!;
    const ground = 190 + 0.22 * grey;
    pixels[i] = ground + (214 - ground) * strength;
    pixels[i + 1] = ground + (58 - ground) * strength;
    pixels[i + 2] = ground + (24 - ground) * strength;
    pixels[i + 3] = 255;
  }
  return { width, height, pixels };
}

/** Share of pixels, 0–1, whose largest channel difference is above the tolerance. */
export function changedShare(before: Picture, after: Picture): number {
  let changed = 0;
  for (let i = 0; i < after.pixels.length; i += 4) {
    const over = [0, 1, 2].some((c) => Math.abs(after.pixels[i + c]! - (before.pixels[i + c] ?? 0)) > TOLERANCE);
    if (over) changed++;
  }
  return changed / (after.pixels.length / 4);
}

/** An attention map as a translucent veil: clear where the weight is 1, dim where it is 0. */
export function attentionVeil(map: Float32Array, width: number, height: number): Picture {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const weight = Math.min(1, Math.max(0, map[i] ?? 0));
    pixels[i * 4] = 20;
    pixels[i * 4 + 1] = 16;
    pixels[i * 4 + 2] = 12;
    pixels[i * 4 + 3] = Math.round(205 * (1 - weight));
  }
  return { width, height, pixels };
}

/** Which object drove the picture most at a point (0–1 from the left and top); null where none stands out. */
export function objectAt(
  maps: { readonly width: number; readonly height: number; readonly objects: Readonly<Record<string, Float32Array>> },
  x: number,
  y: number,
): string | null {
  const column = Math.min(maps.width - 1, Math.max(0, Math.floor(x * maps.width)));
  const row = Math.min(maps.height - 1, Math.max(0, Math.floor(y * maps.height)));
  let best: string | null = null;
  let most = 0.25;
  for (const [id, map] of Object.entries(maps.objects)) {
    const weight = map[row * maps.width + column] ?? 0;
    if (weight > most) {
      most = weight;
      best = id;
    }
  }
  return best;
}
