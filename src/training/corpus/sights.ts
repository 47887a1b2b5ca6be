/** What can be seen in a cell of a picture, and what it is called: the classes that the verifier learns. */
import { partNames, partsOf } from './parts.ts';
import { meaningsOf } from './phrases.ts';
import type { RenderedScene } from './scene.ts';
import { isThing } from './scene.ts';
import { backdrops, grounds, type Style } from './setting.ts';
import { things } from './things.ts';

/** Every pixel shows one of these. Words that mean the same drawing are one class: a lady and a woman look alike. */
export const sights: readonly string[] = [...things.map(({ label }) => label), ...grounds, ...backdrops];

/** The verifier's classes by name, each once: a wheel is a thing and a part. */
export const classNames: readonly string[] = [...sights, ...partNames.map((name) => `${name} (part)`)];

const sightIndex = new Map(sights.map((label, index) => [label, index]));
const partIndex = new Map(partNames.map((name, index) => [name, index]));

/** The sights, and behind them the parts, that a word is said of: of a wheel, the thing and the part. */
export function seenAs(word: string): readonly number[] {
  const part = partIndex.get(word);
  const drawn = meaningsOf(word).flatMap((label) => sightIndex.get(label) ?? []);
  return part === undefined ? drawn : [...drawn, sights.length + part];
}

/** (sights, cells, cells) visible share of each sight; they add up to 1 in every cell. */
export function sightMaps({ scene, masks, grid }: RenderedScene, cells: number): Float32Array {
  const maps = new Float32Array(sights.length * cells * cells);
  scene.objects.forEach(({ label, partOf }, place) => {
    const sight = sightIndex.get(label);
    if (partOf !== undefined || sight === undefined) return;
    const mask = masks.subarray(place * grid * grid, (place + 1) * grid * grid);
    addShares(maps.subarray(sight * cells * cells, (sight + 1) * cells * cells), mask, cells);
  });
  return maps;
}

/** (parts, cells, cells) visible share of every part that the drawings have, whether the scene's graph speaks of it or not. */
export function partMaps({ scene, masks, grid }: RenderedScene, cells: number): Float32Array {
  const maps = new Float32Array(partNames.length * cells * cells);
  scene.objects.forEach((object, place) => {
    if (!isThing(object)) return;
    const [left, top, right, bottom] = object.box;
    const shown = object.shown ?? 1;
    const height = (bottom - top) / shown;
    const mask = masks.subarray(place * grid * grid, (place + 1) * grid * grid);
    for (const { name, box } of partsOf(object.label, scene.style as Style)) {
      if (box[3] > shown) continue;
      const [x0, x1] = [left + box[0] * (right - left), left + box[2] * (right - left)].map((x) => x * grid);
      const [y0, y1] = [top + box[1] * height, top + box[3] * height].map((y) => y * grid);
      const inside = mask.map(
        (share, cell) =>
          share *
          overlap(cell % grid, x0 as number, x1 as number) *
          overlap(Math.floor(cell / grid), y0 as number, y1 as number),
      );
      const part = partIndex.get(name) as number;
      addShares(maps.subarray(part * cells * cells, (part + 1) * cells * cells), inside, cells);
    }
  });
  return maps.map((share) => Math.min(1, share));
}

/** How much of [at, at + 1] lies in [from, to]. */
const overlap = (at: number, from: number, to: number): number =>
  Math.max(0, Math.min(at + 1, to) - Math.max(at, from));

/** Adds a mask of 0–255 on a finer grid, averaged to cells × cells, in shares of 1. */
function addShares(map: Float32Array, mask: Uint8Array, cells: number): void {
  const grid = Math.sqrt(mask.length);
  const ratio = grid / cells;
  mask.forEach((share, at) => {
    const cell = Math.floor(Math.floor(at / grid) / ratio) * cells + Math.floor((at % grid) / ratio);
    map[cell] = (map[cell] as number) + share / (255 * ratio * ratio);
  });
}
