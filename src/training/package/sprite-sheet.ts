/** The drawings of all labels on one sheet, for the editor's palette: sprites of one style, and a patch of each ground and backdrop. */
import { createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import type { SpriteSheet } from '#engine/contract/manifest.ts';
import { background } from '#training/corpus/render/backgrounds.ts';
import { spriteAspect, spriteAt } from '#training/corpus/render/sprites.ts';
import { ownerOf, partsOf } from '#training/corpus/world/parts.ts';
import { meaningsOf } from '#training/corpus/world/phrases.ts';
import {
  type Backdrop,
  backdropOf,
  backdrops,
  type Ground,
  grounds,
  type Style,
} from '#training/corpus/world/setting.ts';

/** Twice the pixels of an icon on the screen. */
const SIDE = 40;
/** A pixel of air all round: on a screen with another zoom the neighbours must not shine through. */
const INNER = SIDE - 2;
const COLUMNS = 8;
/** Apache-2.0, like the package. */
const STYLE: Style = 'noto';

/** A word for several things is shown as the first of them. @throws RangeError for a label that the world does not know */
export function spriteSheet(labels: readonly string[]): { readonly png: Buffer; readonly layout: SpriteSheet } {
  const canvas = createCanvas(COLUMNS * SIDE, Math.ceil(labels.length / COLUMNS) * SIDE);
  const context = canvas.getContext('2d');
  for (const [index, name] of labels.entries()) {
    const label = meaningsOf(name)[0] ?? ownerOf(name);
    const at = { x: (index % COLUMNS) * SIDE, y: Math.floor(index / COLUMNS) * SIDE };
    if (isRegion(label)) drawPatch(context, label, at);
    else drawSprite(context, label, at, label === name || meaningsOf(name).length > 0 ? undefined : name);
  }
  const layout: SpriteSheet = { file: 'sprites.png', side: SIDE, columns: COLUMNS, labels: [...labels] };
  return { png: canvas.toBuffer('image/png'), layout };
}

interface Place {
  readonly x: number;
  readonly y: number;
}

const regions: readonly string[] = [...grounds, ...backdrops];
const isRegion = (label: string): label is Ground | Backdrop => regions.includes(label);

/** As large as the cell allows, in its middle; of a part, that part of the drawing. */
function drawSprite(context: SKRSContext2D, label: string, { x, y }: Place, part?: string): void {
  if (part !== undefined) {
    drawPart(context, label, { x, y }, part);
    return;
  }
  const aspect = spriteAspect(STYLE, label);
  const width = Math.max(1, Math.round(INNER * Math.min(1, aspect)));
  const height = Math.max(1, Math.round(INNER * Math.min(1, 1 / aspect)));
  const { rgba } = spriteAt({ style: STYLE, label }, width, height);
  const pixels = new ImageData(new Uint8ClampedArray(rgba), width, height);
  context.putImageData(pixels, x + Math.floor((SIDE - width) / 2), y + Math.floor((SIDE - height) / 2));
}

function drawPart(context: SKRSContext2D, label: string, { x, y }: Place, part: string): void {
  const { box } = partsOf(label, STYLE).find(({ name }) => name === part)!;
  const [across, down] = [box[2] - box[0], box[3] - box[1]];
  const aspect = spriteAspect(STYLE, label);
  const scale = INNER / Math.max(across * aspect, down);
  const [width, height] = [Math.round(scale * aspect), Math.round(scale)];
  const { rgba } = spriteAt({ style: STYLE, label }, width, height);
  const whole = createCanvas(width, height);
  whole.getContext('2d').putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), 0, 0);
  const [w, h] = [Math.floor(across * width), Math.floor(down * height)];
  const [left, top] = [x + Math.floor((SIDE - w) / 2), y + Math.floor((SIDE - h) / 2)];
  context.drawImage(whole, box[0] * width, box[1] * height, w, h, left, top, w, h);
}

function drawPatch(context: SKRSContext2D, label: Ground | Backdrop, { x, y }: Place): void {
  const isBackdrop = (backdrops as readonly string[]).includes(label);
  const ground = isBackdrop ? grounds.find((name) => backdropOf(name) === label)! : (label as Ground);
  const rgb = background({ style: STYLE, ground, backdrop: backdropOf(ground), horizon: isBackdrop ? 1 : 0 }, SIDE);
  const patch = createCanvas(SIDE, SIDE);
  const pixels = new ImageData(SIDE, SIDE);
  for (let at = 0; at < SIDE * SIDE; at++) {
    pixels.data.set(rgb.subarray(at * 3, at * 3 + 3), at * 4);
    pixels.data[at * 4 + 3] = 255;
  }
  patch.getContext('2d').putImageData(pixels, 0, 0);
  context.save();
  context.beginPath();
  context.roundRect(x + 2, y + 2, SIDE - 4, SIDE - 4, 8);
  context.clip();
  context.drawImage(patch, x, y);
  context.restore();
}
