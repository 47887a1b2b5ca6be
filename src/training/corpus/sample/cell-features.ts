/**
 * What each cell of a picture shows, known exactly for a rendered scene: which two things are seen there, the nearer one first, where they are, how
 * large and in what colour, before which ground. These are the features that the latent space is made of (networks/autoencoder.ts).
 */

import { colourOf, paintRgb } from '#training/corpus/world/colours.ts';
import { isThing, type PlacedObject, type RenderedScene, type Scene } from '#training/corpus/world/scene.ts';
import { type Ground, grounds, NIGHT, type Style, styles } from '#training/corpus/world/setting.ts';
import { things } from '#training/corpus/world/things.ts';

/** Cells per side of a picture. */
export const GRID = 16;
const CELLS = GRID * GRID;

/**
 * Things that one cell tells of: the two that are seen most there, the nearer one first. With one per cell, of 40 worn things of at most three cells
 * 18 were lost before any painting: a hat is as large as a cell, and where it is the man is seen more.
 */
export const LAYERS = 2;

/**
 * Numbers of a thing in a cell: where the middle of the drawing is, across and down; its width and height; and paint (whether, red, green, blue).
 * All cells of one thing say the same of it, so that many that are unsure make one that is sure; as places in the drawing, which differ from
 * cell to cell, pictures were still patchwork after 15,000.
 */
export const NUMBERS = 8;
/** The last of these: whether a thing is painted, and in which red, green and blue. */
export const PAINT = 4;

export interface CellFeatures {
  /** (LAYERS, cells) 1 + index of the drawing; 0 where there is none. */
  readonly drawings: Int32Array;
  /** (LAYERS, NUMBERS, cells) */
  readonly numbers: Float32Array;
  /** (cells) twice how far the cell's middle is below the horizon, as a share of the picture. */
  readonly below: Float32Array;
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

/**
 * (LAYERS, cells) 1 + index in the scene of what each cell shows, 0 for nothing: all that a latent needs of a picture.
 * @throws RangeError unless the scene was rendered with masks of 16 × 16 cells.
 */
export function shownIn({ scene, masks, grid }: RenderedScene): Uint8Array {
  if (grid !== GRID) throw new RangeError(`cell features need masks of ${GRID} × ${GRID} cells, not ${grid}`);
  // As the renderer lays them over one another.
  const nearestFirst = scene.objects
    .flatMap((object, place) => (isThing(object) ? [{ depth: object.depth, place }] : []))
    .sort((a, b) => b.depth - a.depth || b.place - a.place);
  const shown = new Uint8Array(LAYERS * CELLS);
  for (let cell = 0; cell < CELLS; cell++) {
    const seenOf = (place: number) => masks[place * CELLS + cell] as number;
    const seen = nearestFirst.filter(({ place }) => seenOf(place) > LEAST_SEEN);
    const most = [...seen].sort((a, b) => seenOf(b.place) - seenOf(a.place)).slice(0, LAYERS);
    seen
      .filter((one) => most.includes(one))
      .forEach(({ place }, layer) => {
        shown[layer * CELLS + cell] = 1 + place;
      });
  }
  return shown;
}

/** @param shown what `shownIn` says of the scene's picture */
export function cellFeatures(scene: Scene, shown: Uint8Array): CellFeatures {
  const [backdrop, ground] = scene.objects.filter(({ isGround }) => isGround) as [PlacedObject, PlacedObject];
  const told = scene.objects.map((object) =>
    isThing(object) ? { drawing: drawingOf(object.label), numbers: numbersOf(object) } : undefined,
  );
  const drawings = new Int32Array(LAYERS * CELLS);
  const numbers = new Float32Array(LAYERS * NUMBERS * CELLS);
  shown.forEach((place, at) => {
    const thing = told[place - 1];
    if (!thing) return;
    drawings[at] = thing.drawing;
    const [layer, cell] = [Math.floor(at / CELLS), at % CELLS];
    thing.numbers.forEach((value, feature) => {
      numbers[(layer * NUMBERS + feature) * CELLS + cell] = value;
    });
  });
  return {
    drawings,
    numbers,
    below: Float32Array.from(
      { length: CELLS },
      (_, cell) => 2 * ((Math.floor(cell / GRID) + 0.5) / GRID - backdrop.box[3]),
    ),
    ground: grounds.indexOf(ground.label as Ground),
    style: styles.indexOf(scene.style as Style),
    night: backdrop.attributes.includes(NIGHT),
  };
}

/** (NUMBERS) */
function numbersOf({ box: [left, top, right, bottom], shown = 1, attributes }: PlacedObject): readonly number[] {
  const height = (bottom - top) / shown;
  const paint = colourOf(attributes);
  return [
    ((left + right) / 2 - 0.5) / PLACE_UNIT,
    (top + height / 2 - 0.5) / PLACE_UNIT,
    (Math.log(right - left) - MEAN_LN_SIZE) / LN_SIZE_UNIT,
    (Math.log(height) - MEAN_LN_SIZE) / LN_SIZE_UNIT,
    ...(paint ? [1, ...paintRgb(paint).map((value) => value / 127.5 - 1)] : [0, 0, 0, 0]),
  ];
}
