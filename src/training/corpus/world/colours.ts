/** The colours that things are painted in. */
import { type Hsl, type Rgb, rgbOf } from './colour-space.ts';

/** Hue in degrees, saturation and lightness 0–1. */
export const paints = {
  red: [2, 0.8, 0.5],
  orange: [27, 0.95, 0.53],
  yellow: [48, 0.95, 0.56],
  green: [125, 0.5, 0.42],
  blue: [215, 0.8, 0.52],
  purple: [275, 0.5, 0.5],
  pink: [335, 0.8, 0.74],
  brown: [22, 0.45, 0.34],
  black: [220, 0.12, 0.18],
  white: [220, 0.12, 0.94],
  gray: [215, 0.05, 0.58],
} as const satisfies Record<string, Hsl>;

export type Colour = keyof typeof paints;
export const colours = Object.keys(paints) as readonly Colour[];

/** The first colour among an object's attributes. */
export const colourOf = (attributes: readonly string[]): Colour | undefined =>
  colours.find((colour) => attributes.includes(colour));

/** What a painted drawing's main colour becomes, 0–255. */
export const paintRgb = (colour: Colour): Rgb => rgbOf(paints[colour]);
