/** Pictures of fixed validation graphs and seeds, painted with the weights of the moment by the product's own pipeline. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { OnnxNetworks } from '#engine/picturebook/onnx-networks.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { documentOf } from '#graph/indexed-graph.ts';
import { sampleSceneGraph } from '#training/corpus/sample/sample-graph.ts';
import { SceneStream } from '#training/corpus/sample/stream.ts';
import type { SceneGraphSample } from '#training/corpus/world/scene.ts';
import { paintMany } from '#training/evaluation/painting/paint-many.ts';
import type { LatentStatistics } from '#training/networks/autoencoder.ts';
import { decoderModel, denoiserModel, graphEncoderModel } from '#training/package/package-models.ts';
import type { StageContext } from '#training/run/context.ts';
import { DEFAULT_STEPS, LATENT, PARAMETRISATION, SIGMA_DATA, SIGMA_RANGE } from '#training/run/model-config.ts';
import { type Tile, writeSheet } from './sheets.ts';

const GUIDANCE = 2;

export async function paintedSheet(
  context: StageContext,
  stage: 'denoiser' | 'finetune',
  weights: ReadonlyMap<string, Float32Array>,
  statistics: LatentStatistics,
  step: number,
): Promise<void> {
  const { config, world, tokenSpec, store } = context;
  const all = new Map([...(await store.weights('clip')), ...(await store.weights('graph-encoder')), ...weights]);
  const networks = await OnnxNetworks.open(nodeRuntime, {
    graphEncoder: graphEncoderModel(context, all, false, stage === 'denoiser' ? 'labels' : undefined),
    denoiser: denoiserModel(context, all, statistics, false),
    decoder: decoderModel(context, await store.weights('autoencoder'), statistics, false),
  });
  const model = {
    vocabulary: world,
    styles: world.styles,
    embedding: tokenSpec.embedding,
    parametrisation: PARAMETRISATION,
    sigma: { ...SIGMA_RANGE, data: SIGMA_DATA },
    latent: LATENT,
  } as const;
  const random = seededNoise(config.seed);
  const stream = new SceneStream({
    split: 'validation',
    size: config.imageSize,
    grid: 16,
    things: config.things,
    start: 0,
  });
  const samples = Array.from({ length: config.sheets.pictures }, () =>
    sampleSceneGraph(stream.next().rendered.scene, random),
  );
  const jobs = samples.map((sample, index) => ({
    graph: documentOf(sample),
    settings: {
      seed: index,
      steps: DEFAULT_STEPS,
      guidanceScale: GUIDANCE,
      sampler: 'dpmpp-2m-sde',
      style: sample.style,
    } as const,
  }));
  const pictures = await paintMany(networks, model, jobs);
  await networks.release();
  const tiles = pictures.map(
    ({ pixels, width }, index): Tile => ({
      image: planes(pixels, width),
      size: width,
      caption: captionOf(samples[index]!),
    }),
  );
  mkdirSync(context.sheetFolder, { recursive: true });
  writeSheet(join(context.sheetFolder, `${stage}-${String(step).padStart(6, '0')}.png`), tiles);
}

export function captionOf({ objects, relations }: SceneGraphSample): string {
  const triples = relations.map(
    ({ subject, predicate, object }) => `${objects[subject]?.label} ${predicate} ${objects[object]?.label}`,
  );
  const lonely = objects.filter(
    (_, index) => !relations.some(({ subject, object }) => subject === index || object === index),
  );
  return [...triples, ...lonely.map(({ label }) => label)].join('; ');
}

export function planes(pixels: ArrayLike<number>, size: number): Float32Array {
  const image = new Float32Array(3 * size * size);
  for (let at = 0; at < size * size; at++) {
    for (let channel = 0; channel < 3; channel++)
      image[channel * size * size + at] = pixels[at * 4 + channel]! / 127.5 - 1;
  }
  return image;
}
