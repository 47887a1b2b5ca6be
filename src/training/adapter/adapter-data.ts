/** The training pictures as the UNet sees them: latents, encoded words and graphs, computed once and kept one file each. */

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TokenGraph, tokenGraphOf } from '#diffusion/tokens.ts';
import { readSafetensors, writeSafetensors } from '#engine/formats/safetensors.ts';
import { type AdapterRoom, adapterFeeds } from '#engine/stable-diffusion/adapter-feeds.ts';
import { type Phrase, textOf } from '#engine/stable-diffusion/prompt.ts';
import { documentOf } from '#graph/indexed-graph.ts';
import { packedRecordsOf } from '#training/evaluation/study/evaluation-preset.ts';
import { pictureOfRgb, pictureTensor } from '#training/files/picture-tensor.ts';
import type { Progress } from '#training/files/progress.ts';
import { type DataRecord, openRecord } from '#training/files/shard-file.ts';
import { type DataSetManifest, readDataSet, recordsIn } from '#training/import/data-set.ts';
import { replaceFile } from '#training/trainer/checkpoint.ts';
import { AdapterInputError } from './adapter-input-error.ts';
import type { ClipTower } from './clip-tower.ts';
import type { TextToImage } from './text-to-image.ts';

export interface AdapterExample {
  /** (C · h · w) */
  readonly latent: Float32Array;
  /** (N · D) */
  readonly text: Float32Array;
  /** (C) of CLIP's image tower, where one was given. */
  readonly feature?: Float32Array;
  /** The adapter's other inputs, B = 1. */
  readonly feeds: ReturnType<typeof adapterFeeds>;
}

interface Words {
  readonly graph: Pick<TokenGraph, 'objects' | 'relations'>;
  readonly phrases: readonly Phrase[];
  readonly spans: readonly (readonly [number, number])[];
}

export interface AdapterSet {
  readonly count: number;
  /** Graphs whose words do not fit into one prompt. */
  readonly skipped: number;
  readonly room: AdapterRoom;
  /** D of the text encoder. */
  readonly width: number;
  /** C of the CLIP features; 0 without a tower. */
  readonly features: number;
  example(index: number): AdapterExample;
}

/**
 * Encodes the train split of an imported data set; what was encoded before is kept.
 * @throws AdapterInputError when the pictures have another size than the model's, or no graph fits a prompt
 */
export async function prepareAdapterSet(
  model: TextToImage,
  dataFolder: string,
  cacheFolder: string,
  progress: Progress,
  clip?: ClipTower,
): Promise<AdapterSet> {
  const data = readDataSet(dataFolder);
  checkSize(model, data, dataFolder);
  mkdirSync(cacheFolder, { recursive: true });
  const words: Words[] = [];
  const files: string[] = [];
  let seen = 0;
  const total = recordsIn(data, 'train');
  try {
    for (const packed of packedRecordsOf(dataFolder, data, 'train')) {
      progress.update(++seen, total);
      const graph = tokenGraphOf(documentOf(packed.sample), 'any');
      const { prompts, phrases, spans, tooLong } = textOf(graph, model.tokenizer);
      if (tooLong !== undefined || prompts.length !== 1) continue;
      const file = join(cacheFolder, `${seen - 1}.safetensors`);
      if (!existsSync(file)) {
        await encode(model, clip, await openRecord(packed, data.size, data.grid), prompts[0]!, file);
      }
      words.push({ graph: { objects: graph.objects, relations: graph.relations }, phrases, spans });
      files.push(file);
    }
  } finally {
    progress.close();
  }
  if (files.length === 0)
    throw new AdapterInputError(`${dataFolder}: no graph of the train split fits into one prompt`);
  const most = (count: (graph: Words['graph']) => number) => Math.max(1, ...words.map(({ graph }) => count(graph)));
  const room = {
    objects: most(({ objects }) => objects.length),
    relations: most(({ relations }) => relations.length),
    tokens: model.tokenizer.length,
  };
  const read = (index: number) => readExample(files[index]!);
  return {
    count: files.length,
    skipped: seen - files.length,
    room,
    width: read(0).text.length / room.tokens,
    features: read(0).feature?.length ?? 0,
    example(index) {
      const { graph, phrases, spans } = words[index]!;
      return { ...read(index), feeds: adapterFeeds(graph, phrases, spans, room) };
    },
  };
}

function checkSize({ image }: TextToImage, { size }: DataSetManifest, folder: string): void {
  if (image.width === size && image.height === size) return;
  throw new AdapterInputError(
    `${folder} holds pictures of ${size} × ${size}, the model paints ${image.width} × ${image.height}: import with --size ${image.width}, or let a manifest.json beside model_index.json name another "image"`,
  );
}

async function encode(
  model: TextToImage,
  clip: ClipTower | undefined,
  { rendered }: DataRecord,
  prompt: string,
  file: string,
): Promise<void> {
  const { rgb, size } = rendered;
  const picture = pictureOfRgb(rgb, size, size);
  const latent = await model.encodeImage(pictureTensor([picture]).data);
  const text = await model.encodeText(model.tokenizer.prompt(prompt));
  const feature = await clip?.encode(picture);
  const parts = { latent, text, ...(feature && { feature }) };
  const tensors = new Map(
    Object.entries(parts).map(([name, values]) => [
      name,
      { dtype: 'F32' as const, shape: [values.length], data: values },
    ]),
  );
  replaceFile(file, writeSafetensors(tensors, {}));
}

function readExample(file: string): Omit<AdapterExample, 'feeds'> {
  const { tensors } = readSafetensors(readFileSync(file));
  const data = (name: string) => (tensors.get(name)!.data as Float32Array).slice();
  const hasFeature = tensors.has('feature');
  return { latent: data('latent'), text: data('text'), ...(hasFeature && { feature: data('feature') }) };
}
