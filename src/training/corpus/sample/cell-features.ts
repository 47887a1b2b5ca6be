/**
 * What each cell of a picture shows, known exactly for a rendered scene: which drawing, which part of it, how large and in what colour, before
 * which ground. These are the features that the latent space is made of (networks/autoencoder.ts).
 */

import { colourOf, paintRgb } from '#training/corpus/world/colours.ts';
import { isThing, type PlacedObject, type RenderedScene } from '#training/corpus/world/scene.ts';
import { type Ground, grounds, NIGHT, type Style, styles } from '#training/corpus/world/setting.ts';
import { things } from '#training/corpus/world/things.ts';

/** Cells per side of a picture. */
export const GRID = 16;
const CELLS = GRID * GRID;

/**
 * Features per cell that are numbers: cover; where the middle of the drawing is, across and down; its width and height; below the horizon;
 * and paint (whether, red, green, blue). All cells of one thing say the same of it, so that many that are unsure make one that is sure; as
 * places in the drawing, which differ from cell to cell, pictures were still patchwork after 15,000.
 */
export const NUMBERS = 10;
/** The last of these: whether a thing is painted, and in which red, green and blue. */
export const PAINT = 4;

export interface CellFeatures {
  /** (cells) 1 + index of the drawing that is seen most in each cell; 0 where there is none. */
  readonly drawings: Int32Array;
  /** (NUMBERS, cells) */
  readonly numbers: Float32Array;
  /** Indices of the picture's ground and style. */
  readonly ground: number;
  readonly style: number;
  readonly night: boolean;
}

const drawingIndex = new Map(things.map(({ label }, index) => [label, index + 1]));
/** Index of a label's drawing, from 1; 0 for what is no thing. */
export const drawingOf = (label: string): number => drawingIndex.get(label) ?? 0;
export const drawingCount = things.length + 1;

/** A cell that shows less of a thing than this (of 255) shows none. */
const LEAST_SEEN = 5;
/** Units: of places, half of their deviation, as they count most; of ln size around 0.35 of the picture, one deviation. */
export const PLACE_UNIT = 0.12;
export const MEAN_LN_SIZE = Math.log(0.35);
export const LN_SIZE_UNIT = 0.45;

/** @throws RangeError unless the scene was rendered with masks of 16 × 16 cells. */
export function cellFeatures({ scene, masks, grid }: RenderedScene): CellFeatures {
  if (grid !== GRID) throw new RangeError(`cell features need masks of ${GRID} × ${GRID} cells, not ${grid}`);
  const [backdrop, ground] = scene.objects.filter(({ isGround }) => isGround) as [PlacedObject, PlacedObject];
  const drawings = new Int32Array(CELLS);
  const numbers = new Float32Array(NUMBERS * CELLS);
  const set = (feature: number, cell: number, value: number) => {
    numbers[feature * CELLS + cell] = value;
  };
  const shown = scene.objects.flatMap((object, place) => (isThing(object) ? [{ object, place }] : []));
  for (let cell = 0; cell < CELLS; cell++) {
    const y = (Math.floor(cell / GRID) + 0.5) / GRID;
    set(5, cell, 2 * (y - backdrop.box[3]));
    let [best, most, all] = [undefined as PlacedObject | undefined, LEAST_SEEN, 0];
    for (const { object, place } of shown) {
      const seen = masks[place * CELLS + cell] as number;
      all += seen;
      if (seen > most) [best, most] = [object, seen];
    }
    set(0, cell, (2 * all) / 255);
    if (!best) continue;
    const [left, top, right, bottom] = best.box;
    const height = (bottom - top) / (best.shown ?? 1);
    drawings[cell] = drawingOf(best.label);
    set(1, cell, ((left + right) / 2 - 0.5) / PLACE_UNIT);
    set(2, cell, (top + height / 2 - 0.5) / PLACE_UNIT);
    set(3, cell, (Math.log(right - left) - MEAN_LN_SIZE) / LN_SIZE_UNIT);
    set(4, cell, (Math.log(height) - MEAN_LN_SIZE) / LN_SIZE_UNIT);
    const paint = colourOf(best.attributes);
    if (!paint) continue;
    set(6, cell, 1);
    paintRgb(paint).forEach((value, channel) => {
      set(7 + channel, cell, value / 127.5 - 1);
    });
  }
  return {
    drawings,
    numbers,
    ground: grounds.indexOf(ground.label as Ground),
    style: styles.indexOf(scene.style as Style),
    night: backdrop.attributes.includes(NIGHT),
  };
}
