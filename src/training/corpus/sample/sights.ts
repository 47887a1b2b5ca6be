/** What can be seen in a cell of a picture, and what it is called: the classes that the verifier learns. */

import { partBox, partNames, partsOf } from '#training/corpus/world/parts.ts';
import { meaningsOf } from '#training/corpus/world/phrases.ts';
import { isThing, type RenderedScene } from '#training/corpus/world/scene.ts';
import { backdrops, grounds, type Style } from '#training/corpus/world/setting.ts';
import { things } from '#training/corpus/world/things.ts';
import { cellShare } from './cell-share.ts';

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
export function sightMaps(rendered: RenderedScene, cells: number): Float32Array {
  const maps = new Float32Array(sights.length * cells * cells);
  rendered.scene.objects.forEach(({ label, partOf }, place) => {
    const sight = sightIndex.get(label);
    if (partOf === undefined && sight !== undefined) addShares(maps, sight, rendered, place, cells);
  });
  return maps;
}

/** (parts, cells, cells) visible share of every part that the drawings have, whether the scene's graph speaks of it or not. */
export function partMaps({ scene, masks, grid }: RenderedScene, cells: number): Float32Array {
  const maps = new Float32Array(partNames.length * cells * cells);
  scene.objects.forEach((object, place) => {
    if (!isThing(object)) return;
    const { label, box: whole, shown = 1 } = object;
    const mask = masks.subarray(place * grid * grid, (place + 1) * grid * grid);
    for (const { name, box } of partsOf(label, scene.style as Style)) {
      if (box[3] > shown) continue;
      const [left, top, right, bottom] = partBox(box, whole, shown).map((share) => share * grid) as [
        number,
        number,
        number,
        number,
      ];
      const seen = mask.map(
        (share, at) => share * overlap(at % grid, left, right) * overlap(Math.floor(at / grid), top, bottom),
      );
      addShares(maps, partIndex.get(name) as number, { masks: seen, grid }, 0, cells);
    }
  });
  return maps.map((share) => Math.min(1, share));
}

/** How much of [at, at + 1] lies in [from, to]. */
const overlap = (at: number, from: number, to: number): number =>
  Math.max(0, Math.min(at + 1, to) - Math.max(at, from));

/** Adds what is seen of an object to map `index` of (…, cells, cells). */
function addShares(
  maps: Float32Array,
  index: number,
  seen: Pick<RenderedScene, 'masks' | 'grid'>,
  place: number,
  cells: number,
): void {
  for (let cell = 0; cell < cells * cells; cell++) {
    const at = index * cells * cells + cell;
    maps[at] = (maps[at] as number) + cellShare(seen, place, cell % cells, Math.floor(cell / cells), cells);
  }
}
