/** An imported data set as a test set, and what the papers on scene graphs to images do with one: all graphs of its test split, one picture each. */

import { existsSync, readFileSync } from 'node:fs';
import type { Picture } from '#diffusion/picture.ts';
import type { SamplerName } from '#engine/contract/generation-settings.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import { documentOf } from '#graph/indexed-graph.ts';
import { EvaluationInputError } from '#training/evaluation/input-error.ts';
import type { NetworkFiles } from '#training/evaluation/judges/users-networks.ts';
import { ImportInputError } from '#training/files/input-error.ts';
import { pictureOfRgb } from '#training/files/picture-tensor.ts';
import { openRecord, unpackShard } from '#training/files/shard-file.ts';
import { type DataSetManifest, readDataSet, shardFileOf } from '#training/import/data-set.ts';
import type { DataSplit } from '#training/import/import-plan.ts';
import { sg2imSets } from '#training/import/importable-sets.ts';
import type { TestGraph } from './evaluation-plan.ts';
import type { TestModel, TestSet } from './test-graphs.ts';

export const presets = sg2imSets;
export type Preset = (typeof presets)[number];

/** Mishra and Subramanyam sample with LMS, 100 steps, guidance 7.5. */
export const presetSettings = {
  steps: 100,
  guidanceScale: 7.5,
  relationFactor: 1,
  sampler: 'lms' satisfies SamplerName,
} as const;

/** Graphs that are painted five times for DS: five pictures of every test graph would not fit into memory. */
export const PRESET_DIVERSE_GRAPHS = 100;

/**
 * Everything that is not there, said at once and before a picture is painted.
 * @param dataFolder of the imported data set.
 * @returns what lies in it.
 * @throws EvaluationInputError
 */
export function checkData(preset: Preset | undefined, dataFolder: string, files: NetworkFiles): DataSetManifest {
  const given = [
    ['--inception', files.inceptionFile],
    ['--lpips', files.lpipsFile],
    ['--detector', files.detectorFile],
  ] as const;
  const missing = given.flatMap(([option, file]) =>
    file === undefined || existsSync(file) ? [] : [`the file of ${option}, ${file}`],
  );
  try {
    const data = readDataSet(dataFolder);
    if (preset !== undefined && data.name !== preset) {
      missing.push(`${preset} in ${dataFolder}, which holds ${data.name}: name its folder with --data`);
    } else if (missing.length === 0) return data;
  } catch (error) {
    if (!(error instanceof ImportInputError)) throw error;
    missing.push(`the data set: ${error.message}`);
  }
  throw new EvaluationInputError(`${preset ? `the preset ${preset}` : 'the evaluation'} lacks ${missing.join('; ')}`);
}

interface DataSetModel extends Pick<TestModel, 'faultOf' | 'knowsAttribute'> {
  readonly facts: Pick<ModelFacts, 'styles' | 'defaults'>;
  /** Of the pictures that will be painted. */
  readonly image: Pick<Picture, 'width' | 'height'>;
  /** All graphs of the test split when undefined. */
  readonly samples?: number | undefined;
  /** Told what was left out. */
  readonly say: (line: string) => void;
}

/**
 * The graphs of the test split with their photographs. FID is against all of these, as published; its ceiling is then 0 by definition.
 * @throws EvaluationInputError when the photographs have another size than the pictures, or no graph can be painted.
 */
export async function dataTestSet(
  folder: string,
  data: DataSetManifest,
  { facts, image, faultOf, knowsAttribute, samples = Number.POSITIVE_INFINITY, say }: DataSetModel,
): Promise<TestSet> {
  checkSize(folder, data, image);
  const graphs: TestGraph[] = [];
  const reference: Picture[] = [];
  const faults: string[] = [];
  for await (const { imageId, rendered, sample } of recordsOf(folder, data, 'test')) {
    const real = pictureOfRgb(rendered.rgb, rendered.size, rendered.size);
    reference.push(real);
    if (graphs.length >= samples) continue;
    // The papers' graphs have no attributes; a model that knows some is given those.
    const objects = sample.objects.map((object) => ({
      ...object,
      attributes: object.attributes.filter(knowsAttribute),
    }));
    const graph = documentOf({ ...sample, objects });
    const fault = faultOf(graph, `image ${imageId}`);
    if (fault !== undefined) {
      faults.push(fault);
      continue;
    }
    const style = facts.styles.includes(sample.style) ? sample.style : facts.defaults.style;
    graphs.push({ graph, style, real, scene: rendered.scene });
  }
  if (graphs.length === 0) {
    throw new EvaluationInputError(
      `${folder}: the test split holds no graph that the model can paint${faults[0] === undefined ? '' : `; ${faults[0]}`}`,
    );
  }
  if (faults.length > 0) say(`${faults.length} graphs left out, which the model cannot paint; the first: ${faults[0]}`);
  return { graphs, reference };
}

function checkSize(
  folder: string,
  { size }: DataSetManifest,
  { width, height }: Pick<Picture, 'width' | 'height'>,
): void {
  if (width === size && height === size) return;
  throw new EvaluationInputError(
    `${folder} holds pictures of ${size} × ${size}, the model paints ${width} × ${height}: import with --size ${width}, or let a model that paints any size paint this one with --size ${size}`,
  );
}

/** Records of a split in their order, a shard in memory at a time. */
export async function* recordsOf(folder: string, data: DataSetManifest, split: DataSplit) {
  for (const packed of packedRecordsOf(folder, data, split)) yield openRecord(packed, data.size, data.grid);
}

/** The same with their pictures as they are kept: PNG. */
export function* packedRecordsOf(folder: string, { shards, grid }: DataSetManifest, split: DataSplit) {
  for (const index of shards[split].keys()) {
    const file = shardFileOf(folder, split, index);
    if (!existsSync(file)) throw new ImportInputError(`${file} is missing: import the data set again`);
    yield* unpackShard(readFileSync(file), file, grid);
  }
}
