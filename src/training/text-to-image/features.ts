/**
 * The stage `features`: the training pictures as the networks see them, computed once: latents, the text encoder's words, and CLIP's image
 * features, in shards beside the graphs that they belong to.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
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
  count,
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
 * @param most pictures, where a few will do
 * @throws BaseModelError when the pictures have another size than the model's, or no graph fits a prompt
 */
export async function computeFeatures(
  source: FeatureSource,
  folder: string,
  progress: Progress,
  most = Number.POSITIVE_INFINITY,
): Promise<FeatureSet> {
  const found = summaryIn(folder);
  if (found && isWhole(folder, found)) return openFeatures(folder, found, source);
  return openFeatures(folder, await encodeAll(source, folder, progress, most), source);
}

async function encodeAll(source: FeatureSource, folder: string, progress: Progress, most: number): Promise<Summary> {
  const data = readDataSet(source.data);
  checkSize(source.model, data, source.data);
  mkdirSync(folder, { recursive: true });
  const summary = { count: 0, skipped: 0, objects: 1, relations: 1 };
  let shard: { readonly packed: PackedRecord; readonly graph: Graph; readonly plan: ConditioningPlan }[] = [];
  const total = recordsIn(data, 'train');
  const flush = async () => {
    if (shard.length === 0) return;
    const file = shardFile(folder, Math.floor((summary.count - 1) / PER_SHARD));
    if (!readIfWhole(file)) await writeShard(source, data, shard, file);
    shard = [];
  };
  try {
    for (const packed of packedRecordsOf(source.data, data, 'train')) {
      if (summary.count >= most) break;
      progress.update(summary.count + summary.skipped, total);
      const { objects, relations } = tokenGraphOf(documentOf(packed.sample), 'any');
      const plan = planConditioning({ objects, relations }, source.model.tokenizer, source.fusion);
      if (!fits(plan, source)) {
        summary.skipped++;
        continue;
      }
      shard.push({ packed, graph: { objects, relations }, plan });
      summary.count++;
      summary.objects = Math.max(summary.objects, objects.length);
      summary.relations = Math.max(summary.relations, relations.length);
      if (shard.length === PER_SHARD) await flush();
    }
    await flush();
  } finally {
    progress.close();
  }
  if (summary.count === 0) {
    throw new BaseModelError(`${source.data}: no graph of the train split fits into one prompt`);
  }
  const empty = await source.model.encodeText(source.model.tokenizer.prompt(''));
  replaceFile(join(folder, EMPTY), packTensors(new Map([['text', singles([empty], 1)]])));
  const first = openRows(shardFile(folder, 0));
  const width = first.row('text', 0).length / roomOf(source.fusion, source.model.tokenizer).tokens;
  const features = first.has('feature') ? first.row('feature', 0).length : 0;
  const written: Summary = { ...summary, width, features };
  replaceFile(join(folder, SUMMARY), Buffer.from(`${JSON.stringify(written)}\n`));
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
function isWhole(folder: string, { count }: Summary): boolean {
  const shards = Array.from({ length: Math.ceil(count / PER_SHARD) }, (_, index) => shardFile(folder, index));
  return [join(folder, EMPTY), ...shards].every((file) => readIfWhole(file) !== undefined);
}

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

async function writeShard(
  { model, clip, fusion }: FeatureSource,
  data: DataSetManifest,
  shard: readonly { readonly packed: PackedRecord; readonly graph: Graph; readonly plan: ConditioningPlan }[],
  file: string,
): Promise<void> {
  const rows = { latent: [] as Float32Array[], text: [] as Float32Array[], feature: [] as Float32Array[] };
  const { tokens } = roomOf(fusion, model.tokenizer);
  for (const { packed, plan } of shard) {
    const { rgb, size } = (await openRecord(packed, data.size, data.grid)).rendered;
    const picture = pictureOfRgb(rgb, size, size);
    rows.latent.push(await model.encodeImage(pictureTensor([picture]).data));
    // A graph without relations has no words for them.
    const prompts = Array.from({ length: tokens / model.tokenizer.length }, (_, i) => plan.prompts[i] ?? '');
    for (const prompt of prompts) rows.text.push(await model.encodeText(model.tokenizer.prompt(prompt)));
    if (clip) rows.feature.push(await clip.encode(picture));
  }
  const tensors = new Map<string, SafetensorsTensor>([
    ['latent', singles(rows.latent, shard.length)],
    // A token of CLIP's text encoder is exact to 2⁻¹¹ in half precision, and there are 77 of them for each picture.
    ['text', halves(rows.text, shard.length)],
    ...(clip ? [['feature', singles(rows.feature, shard.length)] as const] : []),
  ]);
  const graphs = JSON.stringify(shard.map(({ graph }) => graph));
  replaceFile(file, packTensors(tensors, { graphs }));
}

function singles(rows: readonly Float32Array[], count: number): SafetensorsTensor {
  const data = joinedRows(rows);
  return { dtype: 'F32', shape: [count, data.length / count], data };
}

function halves(rows: readonly Float32Array[], count: number): SafetensorsTensor {
  const data = toHalf(joinedRows(rows));
  return { dtype: 'F16', shape: [count, data.length / count], data };
}

function joinedRows(rows: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const joined = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const row of rows) {
    joined.set(row, at);
    at += row.length;
  }
  return joined;
}

function openFeatures(folder: string, found: Summary, { model, fusion }: FeatureSource): FeatureSet {
  const { tokenizer } = model;
  const { objects, relations, ...summary } = found;
  const room = { objects, relations, ...roomOf(fusion, tokenizer) };
  const shards = new Map<number, { readonly rows: TensorRows; readonly graphs: readonly Graph[] }>();
  const shardOf = (index: number) => {
    const known = shards.get(index);
    if (known) return known;
    const rows = openRows(shardFile(folder, index));
    const opened = { rows, graphs: JSON.parse(rows.metadata.graphs ?? '[]') as Graph[] };
    shards.set(index, opened);
    return opened;
  };
  return {
    ...summary,
    fusion,
    room,
    empty: openRows(join(folder, EMPTY)).row('text', 0),
    example(index) {
      const { rows, graphs } = shardOf(Math.floor(index / PER_SHARD));
      const at = index % PER_SHARD;
      const graph = graphs[at]!;
      return {
        latent: rows.row('latent', at),
        text: rows.row('text', at),
        ...(rows.has('feature') && { feature: rows.row('feature', at) }),
        feeds: adapterFeeds(graph, planConditioning(graph, tokenizer, fusion), room),
      };
    },
  };
}
