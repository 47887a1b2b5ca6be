import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Manifest } from '#engine/contract/manifest.ts';
import { WordVectors } from '#engine/picturebook/word-vectors.ts';
import type { LoaderPurpose } from '#training/corpus/world/purposes.ts';
import { trainingSetOf } from '#training/evaluation/study/test-graphs.ts';
import { CheckpointStore } from '#training/trainer/checkpoint.ts';
import { createContext } from './context.ts';
import { smallConfig } from './small-context.fixture.ts';

const embedding = new WordVectors(readFileSync('public/models/picturebook/word-vectors.safetensors'));
const folder = mkdtempSync(join(tmpdir(), 'sgraffito-'));

it('passes over the scenes that the package before has learned from, for each purpose by itself', async () => {
  const passedOver = { ...smallConfig.passedOver, latents: 3 };
  const scenes = async (config: typeof smallConfig, purpose: LoaderPurpose, count: number) => {
    const loader = createContext({
      config,
      device: 'cpu',
      store: new CheckpointStore(folder, config),
      embedding,
    }).loader(purpose);
    const rendered = await loader.scenes(count);
    await loader.close();
    return rendered.map(({ scene }) => scene);
  };
  const further = { ...smallConfig, passedOver };
  expect(await scenes(further, 'latents', 2)).toEqual((await scenes(smallConfig, 'latents', 5)).slice(3));
  expect(await scenes(further, 'verifier', 2)).toEqual(await scenes(smallConfig, 'verifier', 2));

  const trainedWith = (config: typeof smallConfig) =>
    trainingSetOf({ training: { config }, vocabulary: {}, styles: [], image: {} } as unknown as Manifest);
  const usual = trainedWith(smallConfig);
  expect(trainedWith(further)).toEqual({ ...usual, start: usual.start + 3 });
  const things = { min: 2, max: 6 };
  const crowded = { ...smallConfig, latents: { ...smallConfig.latents, things } };
  expect(trainedWith(crowded)).toEqual({ ...usual, things });
  const { mixture, latents } = smallConfig;
  expect(usual).toMatchObject({ mixture, evenly: latents.evenly, whole: latents.whole });
}, 60_000);
