/** Straight (not premultiplied) RGBA, height × width × 4. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray;
}
