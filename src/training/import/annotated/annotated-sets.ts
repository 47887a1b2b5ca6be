/** GQA, PSG, LAION-SG and Visual Genome's region graphs: where their records and photographs lie. The records' readers are the editor's. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { GraphFormatError } from '#graph/files/checks/graph-format-error.ts';
import type { LeftOut } from '#graph/files/checks/left-out.ts';
import type { AnnotatedPicture } from '#graph/files/datasets/annotated-picture.ts';
import { readGqa } from '#graph/files/datasets/gqa.ts';
import { readLaionSg } from '#graph/files/datasets/laion-sg.ts';
import { type PsgClasses, parsePsgClasses, readPsg } from '#graph/files/datasets/psg.ts';
import { readRegionGraphs } from '#graph/files/datasets/visual-genome.ts';
import { ImportInputError } from '#training/files/input-error.ts';
import { jsonEntries, jsonRecords } from '#training/files/json-records.ts';
import type { DataSplit, PlannedPicture } from '#training/import/import-plan.ts';
import type { AnnotatedSet } from '#training/import/importable-sets.ts';
import type { Tally } from '#training/import/tally.ts';
import { readImages } from '#training/import/visual-genome/visual-genome-files.ts';
import { visualGenomeSplits } from '#training/import/visual-genome/visual-genome-splits.ts';

export interface AnnotatedRecord extends Pick<PlannedPicture, 'files' | 'shape'> {
  /** Of the image; undefined where the record has none. */
  readonly id: number | undefined;
  /** Undefined where the set says nothing; 'held-out' validates or tests. */
  readonly split: DataSplit | 'held-out' | undefined;
  /** @throws GraphFormatError */
  readonly read: (leftOut: LeftOut) => AnnotatedPicture;
}

export interface AnnotatedSource {
  /** Labels that fill regions: sky, grass. */
  readonly regions: readonly string[];
  readonly notes: readonly string[];
  readonly records: AsyncIterable<AnnotatedRecord>;
}

/** @throws ImportInputError when a file is missing or is not what it should be; so do the records. */
export const openAnnotated: Readonly<
  Record<AnnotatedSet, (folder: string, skipped: Tally) => AnnotatedSource | Promise<AnnotatedSource>>
> = {
  gqa: (folder) => ({ regions: [], notes: [], records: gqaRecords(folder) }),
  async psg(folder) {
    const file = fileIn(folder, /^psg.*\.json$/, 'psg.json');
    const classes = await psgClasses(file);
    return { regions: classes.regions, notes: [], records: psgRecords(file, classes) };
  },
  'laion-sg': (folder) => ({
    regions: [],
    notes: ['the files do not say where things are: each may be anywhere in its picture'],
    records: laionRecords(folder),
  }),
  async 'region-graphs'(folder, skipped) {
    const images = await readImages(folder, skipped);
    const { splitOf, note } = visualGenomeSplits(folder, [...images.keys()]);
    return { regions: [], notes: [note], records: regionRecords(folder, images, splitOf, skipped) };
  },
};

/** train_sceneGraphs.json and val_sceneGraphs.json; the test split's graphs are not published. Photographs are Visual Genome's. */
async function* gqaRecords(folder: string): AsyncGenerator<AnnotatedRecord> {
  const train = fileIn(folder, /train_sceneGraphs\.json$/, 'train_sceneGraphs.json');
  const held = filesIn(folder, /val_sceneGraphs\.json$/);
  for (const file of [train, ...held]) {
    const split = held.length === 0 ? undefined : file === train ? 'train' : 'held-out';
    for await (const { key, value } of jsonEntries(file)) {
      const id = idOf(key);
      const files = [join('images', `${id}.jpg`), `${id}.jpg`];
      yield { id, split, shape: shapeOf(value), files, read: (leftOut) => readGqa(value, `image ${key}`, leftOut) };
    }
  }
}

/** Photographs are COCO's, in train2017/ and val2017/. */
async function* psgRecords(file: string, classes: PsgClasses): AsyncGenerator<AnnotatedRecord> {
  const tests = new Set<number | undefined>();
  for (const id of await listIn(file, 'test_image_ids')) tests.add(idOf(id));
  let place = 0;
  for await (const value of jsonRecords(file, 'data')) {
    const id = idOf(fieldOf(value, 'image_id'));
    const files = photoPaths(fieldOf(value, 'file_name'), ['', 'coco']);
    const split = tests.has(id) ? 'test' : place++ % 10 === 9 ? 'validation' : 'train';
    const at = `image ${id}`;
    yield { id, split, shape: shapeOf(value), files, read: (leftOut) => readPsg(classes, value, at, leftOut) };
  }
}

async function psgClasses(file: string): Promise<PsgClasses> {
  const lists: Record<string, unknown[]> = {};
  for (const key of ['thing_classes', 'stuff_classes', 'predicate_classes']) lists[key] = await listIn(file, key);
  try {
    return parsePsgClasses(lists);
  } catch (error) {
    if (error instanceof GraphFormatError) throw new ImportInputError(`${file}: ${error.message}`);
    throw error;
  }
}

/** Empty where the file has none: a stream of records cannot tell a list without entries from none. */
async function listIn(file: string, key: string): Promise<unknown[]> {
  const list: unknown[] = [];
  try {
    for await (const entry of jsonRecords(file, key)) list.push(entry);
  } catch (error) {
    // What is wrong with the file as a whole is told when its records are read.
    if (!(error instanceof ImportInputError)) throw error;
  }
  return list;
}

/** JSON files whose names say which split they are; photographs under the records' names. */
async function* laionRecords(folder: string): AsyncGenerator<AnnotatedRecord> {
  const files = filesIn(folder, /\.json$/);
  if (files.length === 0) throw missing(folder, 'the annotations, like train.json');
  for (const file of files) {
    const split = splitNamed(basename(file));
    for await (const value of jsonRecords(file)) {
      const id = idOf(fieldOf(value, 'img_id'));
      const files = photoPaths(fieldOf(value, 'name'), ['', 'images', ...(split === undefined ? [] : [split])]);
      const at = `image ${id}`;
      yield { id, split, shape: undefined, files, read: (leftOut) => readLaionSg(value, at, leftOut) };
    }
  }
}

async function* regionRecords(
  folder: string,
  images: Awaited<ReturnType<typeof readImages>>,
  splitOf: ReadonlyMap<number, DataSplit>,
  skipped: Tally,
): AsyncGenerator<AnnotatedRecord> {
  for await (const value of jsonRecords(join(folder, 'region_graphs.json'))) {
    const id = idOf(fieldOf(value, 'image_id'));
    const image = id === undefined ? undefined : images.get(id);
    const split = id === undefined ? undefined : splitOf.get(id);
    if (image === undefined) skipped.add('image not in image_data.json');
    else if (split === undefined) skipped.add('image in no split');
    else {
      const files = [image.path, join('images', image.path)];
      yield { id, split, shape: image, files, read: (leftOut) => readRegionGraphs(value, `image ${id}`, leftOut) };
    }
  }
}

function splitNamed(name: string): DataSplit | undefined {
  if (/val/i.test(name)) return 'validation';
  return /test/i.test(name) ? 'test' : /train/i.test(name) ? 'train' : undefined;
}

function filesIn(folder: string, name: RegExp): string[] {
  const names = readdirSync(folder).filter((each) => name.test(each));
  return names.sort().map((each) => join(folder, each));
}

function fileIn(folder: string, name: RegExp, published: string): string {
  const [file] = existsSync(join(folder, published)) ? [join(folder, published)] : filesIn(folder, name);
  if (file === undefined) throw missing(folder, published);
  return file;
}

const missing = (folder: string, what: string) => new ImportInputError(`${join(folder, what)} is missing`);

const shapeSchema = v.object({ width: v.pipe(v.number(), v.minValue(1)), height: v.pipe(v.number(), v.minValue(1)) });
const shapeOf = (record: unknown): AnnotatedRecord['shape'] => {
  const { success, output } = v.safeParse(shapeSchema, record);
  return success ? output : undefined;
};

const fieldOf = (record: unknown, name: string): unknown =>
  typeof record === 'object' && record !== null ? (record as Record<string, unknown>)[name] : undefined;

/** Some sets write their numbers as texts. */
function idOf(id: unknown): number | undefined {
  const number = typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : id;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}

/** A file, or a folder and a file, below some folders: nothing that leaves the data set's own. */
const photoPaths = (path: unknown, folders: readonly string[]): string[] =>
  typeof path === 'string' && /^(?:[\w-]+\/)?[\w-]+\.(?:jpe?g|png|webp)$/i.test(path)
    ? folders.map((folder) => join(folder, path))
    : [];
