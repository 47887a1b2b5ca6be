/** Hue, saturation and lightness. */

export type Rgb = readonly [red: number, green: number, blue: number];
/** Hue in [0, 360), saturation and lightness in [0, 1]. */
export type Hsl = readonly [hue: number, saturation: number, lightness: number];

/** @param rgb 0–255 */
export function hslOf([r, g, b]: Rgb): Hsl {
  const [most, least] = [Math.max(r, g, b) / 255, Math.min(r, g, b) / 255];
  const spread = most - least;
  const lightness = (most + least) / 2;
  if (spread === 0) return [0, 0, lightness];
  const saturation = spread / (1 - Math.abs(2 * lightness - 1));
  const sixth = spread * 255;
  const hue =
    most * 255 === r ? ((g - b) / sixth + 6) % 6 : most * 255 === g ? (b - r) / sixth + 2 : (r - g) / sixth + 4;
  return [hue * 60, Math.min(1, saturation), lightness];
}

/** @returns 0–255, not rounded */
export function rgbOf([hue, saturation, lightness]: Hsl): Rgb {
  const chroma = (1 - Math.abs(2 * lightness - 1)) * saturation;
  const part = (offset: number) => {
    const k = (offset + hue / 30) % 12;
    return 255 * (lightness - (chroma / 2) * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [part(0), part(8), part(4)];
}
