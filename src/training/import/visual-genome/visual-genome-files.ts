/** Visual Genome's files, read once each into arrays of numbers: a million objects as JavaScript objects would not fit into 1 GB. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { tidyWord } from '#graph/bounds.ts';
import { ImportInputError } from '#training/files/input-error.ts';
import { jsonRecords } from '#training/files/json-records.ts';
import { tidyLabel } from '#training/import/label.ts';
import type { Tally } from '#training/import/tally.ts';

/** Texts as numbers. */
export class Words {
  readonly list: string[] = [];
  readonly #numbers = new Map<string, number>();

  number(word: string): number {
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    this.#numbers.set(word, this.list.length);
    return this.list.push(word) - 1;
  }
}

export interface ImageRow {
  readonly width: number;
  readonly height: number;
  /** "VG_100K/2.jpg" */
  readonly path: string;
}

export interface ObjectRows {
  readonly ids: Float64Array;
  /** Number of each object's list of names, in `nameLists`. */
  readonly names: Int32Array;
  /** x, y, w, h of each object in pixels. */
  readonly boxes: Float32Array;
}

/** Three numbers each: place of the subject in the image's objects, number of the predicate, place of the object. */
export type RelationRows = Int32Array;

const id = v.pipe(v.number(), v.integer());
const pixels = v.pipe(v.number(), v.finite());
const word = v.pipe(v.string(), v.maxLength(200));
const imageSchema = v.object({
  image_id: id,
  width: pixels,
  height: pixels,
  url: v.pipe(v.string(), v.maxLength(500)),
});
const idSchema = v.object({ image_id: id });
const itemsSchema = v.pipe(v.array(v.unknown()), v.maxLength(10_000));
const objectSchema = v.object({
  object_id: id,
  names: v.pipe(v.array(word), v.maxLength(64)),
  x: pixels,
  y: pixels,
  w: pixels,
  h: pixels,
});
const end = v.object({ object_id: id });
const relationshipSchema = v.object({ predicate: word, subject: end, object: end });
const attributeSchema = v.object({
  object_id: id,
  attributes: v.optional(v.nullable(v.pipe(v.array(word), v.maxLength(1000)))),
});

/** The folder and file that a URL ends in: all that decides where a photograph lies, and nothing that leaves the folder. */
const PHOTO = /([\w-]+\/[\w-]+\.(?:jpe?g|png))$/i;

export async function readImages(folder: string, skipped: Tally): Promise<Map<number, ImageRow>> {
  const images = new Map<number, ImageRow>();
  for await (const value of jsonRecords(join(folder, 'image_data.json'))) {
    const result = v.safeParse(imageSchema, value);
    const path = result.success ? PHOTO.exec(result.output.url)?.[1] : undefined;
    if (!result.success || path === undefined) skipped.add('image_data.json: damaged record');
    else images.set(result.output.image_id, { width: result.output.width, height: result.output.height, path });
  }
  return images;
}

/** Lists of one image's records, damaged ones counted and left out, and so are further records of an image. */
async function* listsOf(folder: string, file: string, key: string, skipped: Tally) {
  const schema = v.intersect([idSchema, v.object({ [key]: itemsSchema })]);
  const seen = new Set<number>();
  for await (const value of jsonRecords(join(folder, file))) {
    if (!v.is(schema, value)) {
      skipped.add(`${file}: damaged record`);
      continue;
    }
    const { image_id: imageId } = value;
    if (seen.has(imageId)) skipped.add(`${file}: second record of an image`);
    else yield { imageId, items: value[key]! };
    seen.add(imageId);
  }
}

/** @param nameLists takes lists of names, joined by line breaks. */
export async function readObjects(folder: string, nameLists: Words, skipped: Tally): Promise<Map<number, ObjectRows>> {
  const images = new Map<number, ObjectRows>();
  for await (const { imageId, items } of listsOf(folder, 'objects.json', 'objects', skipped)) {
    const objects = items.flatMap((item) => {
      const result = v.safeParse(objectSchema, item);
      if (!result.success) skipped.add('objects.json: damaged object');
      return result.success ? [result.output] : [];
    });
    images.set(imageId, {
      ids: Float64Array.from(objects, ({ object_id }) => object_id),
      names: Int32Array.from(objects, ({ names }) => nameLists.number(names.join('\n'))),
      boxes: Float32Array.from(objects.flatMap(({ x, y, w, h }) => [x, y, w, h])),
    });
  }
  return images;
}

/** @param predicates takes predicates as they are written. */
export async function readRelationships(
  folder: string,
  objects: ReadonlyMap<number, ObjectRows>,
  predicates: Words,
  skipped: Tally,
): Promise<Map<number, RelationRows>> {
  const images = new Map<number, RelationRows>();
  for await (const { imageId, items } of listsOf(folder, 'relationships.json', 'relationships', skipped)) {
    const places = placesOf(objects.get(imageId));
    const rows: number[] = [];
    for (const item of items) {
      const result = v.safeParse(relationshipSchema, item);
      if (!result.success) {
        skipped.add('relationships.json: damaged relationship');
        continue;
      }
      const subject = places.get(result.output.subject.object_id);
      const object = places.get(result.output.object.object_id);
      if (subject === undefined || object === undefined)
        skipped.add('relationship: of an object that is not in the image');
      else rows.push(subject, predicates.number(result.output.predicate), object);
    }
    images.set(imageId, Int32Array.from(rows));
  }
  return images;
}

/** Pairs of place and number of an attribute, for each image. @returns undefined when the folder has no attributes.json */
export async function readAttributes(
  folder: string,
  objects: ReadonlyMap<number, ObjectRows>,
  attributes: Words,
  skipped: Tally,
): Promise<Map<number, Int32Array> | undefined> {
  if (!existsSync(join(folder, 'attributes.json'))) return undefined;
  const images = new Map<number, Int32Array>();
  for await (const { imageId, items } of listsOf(folder, 'attributes.json', 'attributes', skipped)) {
    const places = placesOf(objects.get(imageId));
    const rows: number[] = [];
    for (const item of items) {
      const result = v.safeParse(attributeSchema, item);
      if (!result.success) skipped.add('attributes.json: damaged record of an object');
      else {
        // Objects of the image that objects.json lacks are counted all the same, as sg2im does.
        const place = places.get(result.output.object_id) ?? -1;
        const tidied = (result.output.attributes ?? []).map(tidyLabel);
        for (const each of tidied) if ('odd' in each) skipped.add(`attribute: ${each.odd}`);
        const words = new Set(tidied.flatMap((each) => ('word' in each ? [each.word] : [])));
        for (const word of words) rows.push(place, attributes.number(word));
      }
    }
    images.set(imageId, Int32Array.from(rows));
  }
  return images;
}

const placesOf = (rows: ObjectRows | undefined): Map<number, number> =>
  new Map(Array.from(rows?.ids ?? [], (objectId, place) => [objectId, place]));

/** @throws ImportInputError when the file is missing. */
export function readAliasFile(folder: string, name: string): Map<string, string> {
  const file = join(folder, name);
  if (!existsSync(file)) throw new ImportInputError(`${file} is missing`);
  return parseAliases(readFileSync(file, 'utf8'));
}

/**
 * object_alias.txt and relationship_alias.txt: each line lists names for its first one, which also stands for itself. Where lines disagree
 * the later one counts. Names are tidied, as those of objects are. Source: `load_aliases` of sg2im's scripts/preprocess_vg.py.
 */
export function parseAliases(text: string): Map<string, string> {
  const aliases = new Map<string, string>();
  for (const line of text.split('\n')) {
    const names = line.split(',').map((part) => tidyWord(part).toLowerCase());
    for (const alias of names) aliases.set(alias, names[0]!);
  }
  return aliases;
}
