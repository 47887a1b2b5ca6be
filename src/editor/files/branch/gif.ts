/** Animated GIFs, each frame with 256 colours of its own. */
import { applyPalette, GIFEncoder, quantize } from 'gifenc';

export interface GifFrame {
  readonly width: number;
  readonly height: number;
  /** RGBA, opaque. */
  readonly pixels: Uint8ClampedArray;
  /** Milliseconds on screen; GIF knows hundredths of a second. */
  readonly delay: number;
}

/** Plays for ever. @param frames of one size, one after another, so that no two need to be held */
export async function encodeGif(frames: AsyncIterable<GifFrame>): Promise<Uint8Array<ArrayBuffer>> {
  const gif = GIFEncoder();
  for await (const { width, height, pixels, delay } of frames) {
    const palette = quantize(pixels, 256);
    gif.writeFrame(applyPalette(pixels, palette), width, height, { palette, delay, repeat: 0 });
  }
  gif.finish();
  return new Uint8Array(gif.bytes());
}
