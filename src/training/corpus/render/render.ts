/** From a scene to pixels and masks, front to back on the CPU; with composing, more than 700 scenes of 128 px per second in one thread. */

import { colourOf } from '#training/corpus/world/colours.ts';
import { type Box, isThing, type PlacedObject, type RenderedScene, type Scene } from '#training/corpus/world/scene.ts';
import { type Backdrop, type Ground, NIGHT, type Style } from '#training/corpus/world/setting.ts';
import { background } from './backgrounds.ts';
import { spriteAt } from './sprites.ts';

export interface RenderOptions {
  /** Pixels per side; a multiple of grid. */
  readonly size: number;
  /** Cells of the masks per side. */
  readonly grid: number;
}

/** @throws RangeError when size is not a multiple of grid. */
export function renderScene(scene: Scene, { size, grid }: RenderOptions): RenderedScene {
  if (size % grid !== 0) throw new RangeError(`a picture of ${size} px has no whole cells in a grid of ${grid}`);
  const style = scene.style as Style;
  const cell = size / grid;
  const [backdrop, ground] = scene.objects.filter(({ isGround }) => isGround) as [PlacedObject, PlacedObject];
  const horizon = backdrop.box[3];
  const night = backdrop.attributes.includes(NIGHT);
  const place = { style, ground: ground.label as Ground, backdrop: backdrop.label as Backdrop, horizon, night };
  const empty = background(place, size);

  // Share of each pixel, 0–255, that nothing nearer has covered yet.
  const free = new Float32Array(size * size).fill(255);
  const colour = new Float32Array(size * size * 3);
  const cover = new Float32Array(scene.objects.length * grid * grid);
  const nearestFirst = scene.objects
    .map((object, index) => ({ object, index }))
    .filter(({ object }) => isThing(object))
    .sort((a, b) => b.object.depth - a.object.depth || b.index - a.index);

  const parts = scene.objects.flatMap(({ box, partOf }, index) =>
    partOf === undefined
      ? []
      : [{ partOf, index, box: box.map((share) => Math.round(share * size)) as unknown as Box }],
  );

  for (const { object, index } of nearestFirst) {
    const mine = parts.filter(({ partOf }) => partOf === index);
    const left = Math.round(object.box[0] * size);
    const top = Math.round(object.box[1] * size);
    const width = Math.max(1, Math.round((object.box[2] - object.box[0]) * size));
    const rows = Math.max(1, Math.round((object.box[3] - object.box[1]) * size));
    const height = object.shown === undefined ? rows : Math.round(rows / object.shown);
    const paint = colourOf(object.attributes);
    const { rgba } = spriteAt({ style, label: object.label, night, ...(paint && { colour: paint }) }, width, height);
    for (let y = Math.max(0, -top); y < rows && y + top < size; y++) {
      for (let x = Math.max(0, -left); x < width && x + left < size; x++) {
        const from = (y * width + x) * 4;
        const alpha = rgba[from + 3] as number;
        if (alpha === 0) continue;
        const pixel = (y + top) * size + x + left;
        const share = ((free[pixel] as number) * alpha) / 255;
        if (share === 0) continue;
        free[pixel] = (free[pixel] as number) - share;
        for (let c = 0; c < 3; c++) {
          colour[pixel * 3 + c] = (colour[pixel * 3 + c] as number) + share * (rgba[from + c] as number);
        }
        const at = (index * grid + Math.floor((y + top) / cell)) * grid + Math.floor((x + left) / cell);
        cover[at] = (cover[at] as number) + share;
        for (const { index: part, box } of mine) {
          if (x + left < box[0] || x + left >= box[2] || y + top < box[1] || y + top >= box[3]) continue;
          const inPart = at + (part - index) * grid * grid;
          cover[inPart] = (cover[inPart] as number) + share;
        }
      }
    }
  }

  const rgb = new Uint8Array(size * size * 3);
  const edge = Math.round(horizon * size);
  const [backdropAt, groundAt] = [scene.objects.indexOf(backdrop), scene.objects.indexOf(ground)];
  for (let y = 0; y < size; y++) {
    const region = ((y < edge ? backdropAt : groundAt) * grid + Math.floor(y / cell)) * grid;
    for (let x = 0; x < size; x++) {
      const pixel = y * size + x;
      const share = free[pixel] as number;
      for (let c = 0; c < 3; c++) {
        const at = pixel * 3 + c;
        rgb[at] = Math.round(((colour[at] as number) + share * (empty[at] as number)) / 255);
      }
      const at = region + Math.floor(x / cell);
      cover[at] = (cover[at] as number) + share;
    }
  }
  const masks = Uint8Array.from(cover, (sum) => Math.min(255, Math.round(sum / (cell * cell))));
  return { scene, rgb, size, masks, grid };
}
