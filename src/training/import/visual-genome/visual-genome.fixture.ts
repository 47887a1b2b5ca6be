/** A miniature Visual Genome: the official files and fields, photographs included, in a new folder. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';

export const WIDTH = 240;
export const HEIGHT = 200;

/** Red on the left, blue on the right, green below the middle of the left. */
export function photograph(width = WIDTH, height = HEIGHT): Buffer {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const fill = (colour: string, ...[x, y, w, h]: [number, number, number, number]) => {
    context.fillStyle = colour;
    context.fillRect(x, y, w, h);
  };
  fill('#ff0000', 0, 0, width / 2, height);
  fill('#0000ff', width / 2, 0, width / 2, height);
  fill('#00ff00', 0, height / 2, width / 2, height / 2);
  return canvas.toBuffer('image/png');
}

/** Objects of image i have the ids 100·i + place. */
const objectOf = (id: number, names: readonly string[], [x, y, w, h]: readonly number[]) => ({
  object_id: id,
  merged_object_ids: [],
  synsets: names.map((name) => `${name}.n.01`),
  names,
  x,
  y,
  w,
  h,
});

const relationOf = (id: number, predicate: string, subject: number, object: number) => ({
  relationship_id: id,
  predicate,
  synsets: [],
  subject: { object_id: subject, x: 0, y: 0, w: 40, h: 40, name: 'man', synsets: [] },
  object: { object_id: object, x: 0, y: 0, w: 40, h: 40, name: 'horse', synsets: [] },
});

export interface MiniatureOptions {
  readonly images: number;
  /** Changes the content of a file before it is written. */
  readonly change?: (file: string, records: unknown[]) => unknown;
}

/**
 * Every image: a man ("guy" in even images) riding a horse on grass, and a speck too small to keep. Ids 1 … n.
 * @returns the folder.
 */
export function writeMiniatureVisualGenome({ images, change = (_, records) => records }: MiniatureOptions): string {
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-vg-'));
  mkdirSync(join(folder, 'VG_100K'));
  const ids = Array.from({ length: images }, (_, i) => i + 1);
  const picture = photograph();
  for (const id of ids) writeFileSync(join(folder, 'VG_100K', `${id}.png`), picture);
  const url = (id: number) => `https://cs.stanford.edu/people/rak248/VG_100K/${id}.png`;
  const files: Record<string, unknown[]> = {
    'image_data.json': ids.map((id) => ({
      image_id: id,
      url: url(id),
      width: WIDTH,
      height: HEIGHT,
      coco_id: null,
      flickr_id: null,
    })),
    'objects.json': ids.map((id) => ({
      image_id: id,
      image_url: url(id),
      objects: [
        objectOf(100 * id, [id % 2 ? 'man' : 'guy'], [60, 20, 60, 100]),
        objectOf(100 * id + 1, ['horse'], [30, 80, 120, 100]),
        objectOf(100 * id + 2, ['weed', 'grass'], [-10, 150, 260, 50]),
        objectOf(100 * id + 3, ['horse'], [5, 5, 31, 60]),
      ],
    })),
    'relationships.json': ids.map((id) => ({
      image_id: id,
      relationships: [
        relationOf(1000 * id, ' Riding', 100 * id, 100 * id + 1),
        relationOf(1000 * id + 1, 'standing on', 100 * id + 1, 100 * id + 2),
        relationOf(1000 * id + 2, 'standing on', 100 * id + 1, 100 * id + 2),
        relationOf(1000 * id + 3, 'riding', 100 * id, 100 * id + 3),
      ],
    })),
    'attributes.json': ids.map((id) => ({
      image_id: id,
      attributes: [
        { object_id: 100 * id + 1, names: ['horse'], synsets: [], attributes: ['brown', 'brown', `unique ${id}`] },
        { object_id: 100 * id, names: ['man'], synsets: [] },
      ],
    })),
  };
  for (const [name, records] of Object.entries(files)) {
    const changed = change(name, records);
    writeFileSync(join(folder, name), typeof changed === 'string' ? changed : JSON.stringify(changed));
  }
  writeFileSync(join(folder, 'object_alias.txt'), 'man,guy\nman, gentleman\n');
  writeFileSync(join(folder, 'relationship_alias.txt'), 'riding,rides,is riding\n');
  return folder;
}
