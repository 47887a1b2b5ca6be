/** As far as it is used here; the package brings no types. */
declare module 'gifenc' {
  /** Colours as [r, g, b], 0–255. */
  type Palette = readonly (readonly number[])[];
  export function quantize(rgba: Uint8ClampedArray, maxColours: number): Palette;
  /** @returns an index into the palette per pixel */
  export function applyPalette(rgba: Uint8ClampedArray, palette: Palette): Uint8Array;
  export function GIFEncoder(): {
    /** @param options delay in milliseconds; `repeat` 0 plays for ever */
    writeFrame(
      indices: Uint8Array,
      width: number,
      height: number,
      options: { readonly palette: Palette; readonly delay: number; readonly repeat: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array;
  };
}
