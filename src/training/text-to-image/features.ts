/**
 * The stage `features`: the training pictures as the networks see them, computed once. Latents and CLIP's image features in shards that every
 * fusion shares; beside them, for each fusion, the text encoder's words and the graphs that they belong to.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { joined } from '#diffusion/tensor.ts';
import { type TokenGraph, tokenGraphOf } from '#diffusion/tokens.ts';
import { toHalf } from '#engine/formats/float16.ts';
import type { SafetensorsTensor } from '#engine/formats/safetensors.ts';
import { type AdapterRoom, adapterFeeds } from '#engine/stable-diffusion/adapter-feeds.ts';
import { type ConditioningPlan, type Fusion, planConditioning } from '#engine/stable-diffusion/conditioning-plan.ts';
import type { WordCounter } from '#engine/stable-diffusion/prompt.ts';
import { documentOf } from '#graph/indexed-graph.ts';
import { packedRecordsOf } from '#training/evaluation/study/evaluation-preset.ts';
import { packTensors, readIfWhole } from '#training/files/checked-tensors.ts';
import { pictureOfRgb, pictureTensor } from '#training/files/picture-tensor.ts';
import type { Progress } from '#training/files/progress.ts';
import { replaceFile } from '#training/files/replace-file.ts';
import { openRecord, type PackedRecord } from '#training/files/shard-file.ts';
import { openRows, type TensorRows } from '#training/files/tensor-rows.ts';
import { type DataSetManifest, readDataSet, recordsIn } from '#training/import/data-set.ts';
import type { BaseModel } from './base-model.ts';
import type { ClipTower } from './clip/clip-tower.ts';
import { BaseModelError } from './input-error.ts';

export interface Example {
  /** (C · h · w) */
  readonly latent: Float32Array;
  /** (N · D) */
  readonly text: Float32Array;
  /** (C) of CLIP's image tower, where one was given. */
  readonly feature?: Float32Array;
  /** The adapter's other inputs, B = 1. */
  readonly feeds: ReturnType<typeof adapterFeeds>;
}

export interface FeatureSet {
  readonly count: number;
  /** Graphs whose words do not fit into one prompt. */
  readonly skipped: number;
  readonly fusion: Fusion;
  readonly room: AdapterRoom;
  /** D of the text encoder. */
  readonly width: number;
  /** C of the CLIP features; 0 without a tower. */
  readonly features: number;
  /** (L · D): the empty prompt. */
  readonly empty: Float32Array;
  example(index: number): Example;
}

type Graph = Pick<TokenGraph, 'objects' | 'relations'>;

const PER_SHARD = 64;
const SUMMARY = 'features.json';
const EMPTY = 'empty.safetensors';
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const summarySchema = v.object({
  /** Graphs of each shard. */
  shards: v.array(count),
  skipped: count,
  objects: count,
  relations: count,
  width: count,
  features: count,
});
type Summary = v.InferOutput<typeof summarySchema>;

interface FeatureSource {
  readonly model: BaseModel;
  /** Folder of the imported data set. */
  readonly data: string;
  readonly fusion: Fusion;
  readonly clip?: ClipTower | undefined;
}

/**
 * Encodes the train split of an imported data set, or goes on; what is there is kept.
 * @param folder of one model, data set and CLIP
 * @param most pictures, where a few will do
 * @throws BaseModelError when the pictures have another size than the model's, or no graph fits a prompt
 */
export async function computeFeatures(
  source: FeatureSource,
  folder: string,
  progress: Progress,
  most = Number.POSITIVE_INFINITY,
): Promise<FeatureSet> {
  const folders = { pictures: join(folder, 'pictures'), texts: join(folder, source.fusion) };
  const found = summaryIn(folders.texts);
  if (found && isWhole(folders, found)) return openFeatures(folders, found, source);
  return openFeatures(folders, await encodeAll(source, folders, progress, most), source);
}

interface Folders {
  readonly pictures: string;
  readonly texts: string;
}

async function encodeAll(source: FeatureSource, folders: Folders, progress: Progress, most: number): Promise<Summary> {
  const data = readDataSet(source.data);
  checkSize(source.model, data, source.data);
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  const found = { shards: [] as number[], skipped: 0, objects: 1, relations: 1 };
  const total = recordsIn(data, 'train');
  let [seen, kept] = [0, 0];
  try {
    for (const records of inShards(packedRecordsOf(source.data, data, 'train'), Math.min(PER_SHARD, most))) {
      if (kept >= most) break;
      const told = toldOf(records, source);
      const pictures = shardFile(folders.pictures, found.shards.length);
      const start = seen;
      if (!readIfWhole(pictures))
        await writePictures(source, data, records, pictures, (n) => progress.update(start + n, total));
      const texts = shardFile(folders.texts, found.shards.length);
      if (told.length > 0 && !readIfWhole(texts)) await writeTexts(source, told, texts);
      seen += records.length;
      progress.update(seen, total);
      kept += told.length;
      found.shards.push(told.length);
      found.skipped += records.length - told.length;
      found.objects = Math.max(found.objects, ...told.map(({ graph }) => graph.objects.length));
      found.relations = Math.max(found.relations, ...told.map(({ graph }) => graph.relations.length));
    }
  } finally {
    progress.close();
  }
  if (kept === 0) throw new BaseModelError(`${source.data}: no graph of the train split fits into one prompt`);
  const empty = await source.model.encodeText(source.model.tokenizer.prompt(''));
  replaceFile(join(folders.texts, EMPTY), packTensors(new Map([['text', singles([empty])]])));
  const first = openRows(shardFile(folders.pictures, 0));
  const features = first.has('feature') ? first.row('feature', 0).length : 0;
  const width = empty.length / source.model.tokenizer.length;
  const written: Summary = { ...found, width, features };
  replaceFile(join(folders.texts, SUMMARY), `${JSON.stringify(written)}\n`);
  return written;
}

/** Of features that were finished. */
function summaryIn(folder: string): Summary | undefined {
  const file = join(folder, SUMMARY);
  if (!existsSync(file)) return undefined;
  try {
    return v.parse(summarySchema, JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    process.stderr.write(`${file} is damaged; it is made anew.\n`);
    return undefined;
  }
}

/** A shard may be damaged long after it was written: all are read before hours are spent on them. */
function isWhole({ pictures, texts }: Folders, { shards }: Summary): boolean {
  const files = shards.flatMap((told, index) => [
    shardFile(pictures, index),
    ...(told > 0 ? [shardFile(texts, index)] : []),
  ]);
  return [join(texts, EMPTY), ...files].every((file) => readIfWhole(file) !== undefined);
}

function* inShards(records: Iterable<PackedRecord>, each: number): Generator<readonly PackedRecord[]> {
  let shard: PackedRecord[] = [];
  for (const record of records) {
    shard.push(record);
    if (shard.length < each) continue;
    yield shard;
    shard = [];
  }
  if (shard.length > 0) yield shard;
}

/** A graph whose words fit, and the place of its picture in the shard. */
interface Told {
  readonly at: number;
  readonly graph: Graph;
  readonly plan: ConditioningPlan;
}

const toldOf = (records: readonly PackedRecord[], source: FeatureSource): Told[] =>
  records.flatMap(({ sample }, at) => {
    const { objects, relations } = tokenGraphOf(documentOf(sample), 'any');
    const plan = planConditioning({ objects, relations }, source.model.tokenizer, source.fusion);
    return fits(plan, source) ? [{ at, graph: { objects, relations }, plan }] : [];
  });

/** One prompt of labels, or of all words; interleaved, one more of triples. */
const fits = ({ prompts, sources, tooLong }: ConditioningPlan, { model, fusion }: FeatureSource): boolean =>
  tooLong === undefined &&
  sources.length === model.tokenizer.length &&
  prompts.length <= (fusion === 'interleaved' ? 2 : 1);

/** Of the text that every example has. */
const roomOf = (fusion: Fusion, { length }: WordCounter): Pick<AdapterRoom, 'tokens' | 'length'> => ({
  tokens: fusion === 'interleaved' ? 2 * length : length,
  length,
});

const shardFile = (folder: string, index: number): string =>
  join(folder, `${String(index).padStart(5, '0')}.safetensors`);

function checkSize({ image }: BaseModel, { size }: DataSetManifest, folder: string): void {
  if (image.width === size && image.height === size) return;
  throw new BaseModelError(
    `${folder} holds pictures of ${size} × ${size}, the model paints ${image.width} × ${image.height}: import with --size ${image.width}, or let a manifest.json beside model_index.json name another "image"`,
  );
}

async function writePictures(
  { model, clip }: FeatureSource,
  data: DataSetManifest,
  records: readonly PackedRecord[],
  file: string,
  onPicture: (count: number) => void,
): Promise<void> {
  const [latents, features]: [Float32Array[], Float32Array[]] = [[], []];
  for (const packed of records) {
    const { rgb, size } = (await openRecord(packed, data.size, data.grid)).rendered;
    const picture = pictureOfRgb(rgb, size, size);
    latents.push(await model.encodeImage(pictureTensor([picture]).data));
    if (clip) features.push(await clip.encode(picture));
    onPicture(latents.length);
  }
  const tensors = [['latent', singles(latents)] as const, ...(clip ? [['feature', singles(features)] as const] : [])];
  replaceFile(file, packTensors(new Map(tensors)));
}

async function writeTexts({ model, fusion }: FeatureSource, told: readonly Told[], file: string): Promise<void> {
  const rows: Float32Array[] = [];
  const prompts = roomOf(fusion, model.tokenizer).tokens / model.tokenizer.length;
  for (const { plan } of told) {
    // A graph without relations has no words for them.
    const each = Array.from({ length: prompts }, (_, i) => plan.prompts[i] ?? '');
    const encoded: Float32Array[] = [];
    for (const prompt of each) encoded.push(await model.encodeText(model.tokenizer.prompt(prompt)));
    rows.push(joined(encoded));
  }
  // A token of CLIP's text encoder is exact to 2⁻¹¹ in half precision, and there are 77 of them for each picture.
  const data = toHalf(joined(rows));
  const text: SafetensorsTensor = { dtype: 'F16', shape: [rows.length, data.length / rows.length], data };
  const graphs = JSON.stringify(told.map(({ at, graph }) => ({ at, ...graph })));
  replaceFile(file, packTensors(new Map([['text', text]]), { graphs }));
}

function singles(rows: readonly Float32Array[]): SafetensorsTensor {
  const data = joined(rows);
  return { dtype: 'F32', shape: [rows.length, data.length / rows.length], data };
}

interface Shard {
  readonly pictures: TensorRows;
  readonly texts: TensorRows;
  readonly graphs: readonly (Graph & Pick<Told, 'at'>)[];
}

function openFeatures(folders: Folders, found: Summary, { model, fusion }: FeatureSource): FeatureSet {
  const { tokenizer } = model;
  const { objects, relations, shards, ...summary } = found;
  const room = { objects, relations, ...roomOf(fusion, tokenizer) };
  const places = shards.flatMap((graphs, shard) => Array.from({ length: graphs }, (_, row) => ({ shard, row })));
  const opened = new Map<number, Shard>();
  const shardOf = (index: number): Shard => {
    const known = opened.get(index);
    if (known) return known;
    const [pictures, texts] = [openRows(shardFile(folders.pictures, index)), openRows(shardFile(folders.texts, index))];
    const shard = { pictures, texts, graphs: JSON.parse(texts.metadata.graphs ?? '[]') };
    opened.set(index, shard);
    return shard;
  };
  return {
    ...summary,
    count: places.length,
    fusion,
    room,
    empty: openRows(join(folders.texts, EMPTY)).row('text', 0),
    example(index) {
      const { shard, row } = places[index]!;
      const { pictures, texts, graphs } = shardOf(shard);
      const { at, ...graph } = graphs[row]!;
      return {
        latent: pictures.row('latent', at),
        text: texts.row('text', row),
        ...(pictures.has('feature') && { feature: pictures.row('feature', at) }),
        feeds: adapterFeeds(graph, planConditioning(graph, tokenizer, fusion), room),
      };
    },
  };
}
