/** What the papers on scene graphs to images do: all graphs of a data set's test split, one picture each, scored with published networks. */

import { existsSync, readFileSync } from 'node:fs';
import type { Picture } from '#diffusion/picture.ts';
import type { SamplerName } from '#engine/contract/generation-settings.ts';
import type { Manifest } from '#engine/contract/manifest.ts';
import { documentOf } from '#graph/indexed-graph.ts';
import { ImportInputError } from '#training/files/input-error.ts';
import { pictureOfRgb } from '#training/files/picture-tensor.ts';
import { openRecord, unpackShard } from '#training/files/shard-file.ts';
import { type DataSetManifest, readDataSet, shardFileOf } from '#training/import/data-set.ts';
import type { DataSplit } from '#training/import/import-plan.ts';
import { sg2imSets } from '#training/import/importable-sets.ts';
import type { TestGraph } from './evaluation-plan.ts';
import { checkPaintable, EvaluationInputError, type TestSet } from './test-graphs.ts';

export const presets = sg2imSets;
export type Preset = (typeof presets)[number];

/** Mishra and Subramanyam sample with LMS, 100 steps, guidance 7.5; pictures of 256 × 256. */
export const presetSettings = {
  steps: 100,
  guidanceScale: 7.5,
  relationFactor: 1,
  sampler: 'lms' satisfies SamplerName,
} as const;
export const PRESET_SIZE = 256;

/** Graphs that are painted five times for DS: five pictures of every test graph would not fit into memory. */
export const PRESET_DIVERSE_GRAPHS = 100;

export interface PresetFiles {
  readonly inceptionFile?: string;
  readonly lpipsFile?: string;
  readonly detectorFile?: string;
}

/**
 * Everything that a preset lacks, said at once and before a picture is painted.
 * @param dataFolder of the imported data set.
 * @returns what lies in it.
 * @throws EvaluationInputError
 */
export function checkPreset(preset: Preset, dataFolder: string, files: PresetFiles): DataSetManifest {
  const networks = [
    ['--inception', files.inceptionFile, 'Inception-v3, for FID and IS'],
    ['--lpips', files.lpipsFile, 'LPIPS, for DS'],
    ['--detector', files.detectorFile, 'a YOLO detector, for OOR'],
  ] as const;
  const missing: string[] = networks.flatMap(([option, file, what]) => {
    if (file === undefined) return [`${option} FILE (ONNX: ${what})`];
    return existsSync(file) ? [] : [`the file of ${option}, ${file}`];
  });
  try {
    const data = readDataSet(dataFolder);
    if (missing.length === 0 && data.name === preset && data.size === PRESET_SIZE) return data;
    if (data.name !== preset) missing.push(`${preset} in ${dataFolder}, which holds ${data.name}`);
    else if (data.size !== PRESET_SIZE) {
      missing.push(`pictures of ${PRESET_SIZE} × ${PRESET_SIZE}: ${dataFolder} has ${data.size} × ${data.size}`);
    }
  } catch (error) {
    if (!(error instanceof ImportInputError)) throw error;
    missing.push(`the data set: ${error.message}`);
  }
  throw new EvaluationInputError(`the preset ${preset} lacks ${missing.join('; ')}`);
}

interface PresetModel {
  readonly manifest: Manifest;
  readonly knowsWord: (word: string) => boolean;
  /** All graphs of the test split when undefined. */
  readonly samples?: number | undefined;
}

/**
 * The graphs of the test split with their photographs. FID is against all of these, as published; its ceiling is then 0 by definition.
 * @throws EvaluationInputError when the model paints another size, or cannot paint one of the graphs.
 */
export async function presetTestSet(
  folder: string,
  data: DataSetManifest,
  { manifest, knowsWord, samples = Number.POSITIVE_INFINITY }: PresetModel,
): Promise<TestSet> {
  const { image, styles, defaults } = manifest;
  if (image.width !== data.size || image.height !== data.size) {
    throw new EvaluationInputError(
      `the model paints ${image.width} × ${image.height}; the preset needs ${data.size} × ${data.size}`,
    );
  }
  const graphs: TestGraph[] = [];
  const reference: Picture[] = [];
  for await (const { imageId, rendered, sample } of recordsOf(folder, data, 'test')) {
    const real = pictureOfRgb(rendered.rgb, rendered.size, rendered.size);
    reference.push(real);
    if (graphs.length >= samples) continue;
    // The papers' graphs have no attributes; a model that knows some is given those.
    const known = (attribute: string) => manifest.vocabulary.attributes.includes(attribute);
    const objects = sample.objects.map((object) => ({ ...object, attributes: object.attributes.filter(known) }));
    const graph = documentOf({ ...sample, objects });
    checkPaintable(graph, `image ${imageId}`, manifest, knowsWord);
    const style = styles.includes(sample.style) ? sample.style : defaults.style;
    graphs.push({ graph, style, real, scene: rendered.scene });
  }
  return { graphs, reference };
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
