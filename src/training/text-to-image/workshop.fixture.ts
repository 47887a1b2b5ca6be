/** A miniature Stable Diffusion and a miniature Visual Genome, encoded for it: what the tests of the adapter's training share. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, vi } from 'vitest';
import { runImport } from '#training/commands/import-command.ts';
import { writeMiniatureVisualGenome } from '#training/import/visual-genome/visual-genome.fixture.ts';
import { writeTinyStableDiffusion } from '#training/package/stable-diffusion.fixture.ts';
import { type BaseModel, openBaseModel } from './base-model.ts';
import { computeFeatures, type FeatureSet } from './features.ts';
import type { FinetuneSettings } from './finetune-step.ts';

export const quiet = { update: () => undefined, close: () => undefined };
export const training: FinetuneSettings = {
  train: 'adapter',
  adapter: { width: 16, layers: 2 },
  rank: 2,
  batch: 8,
  accumulate: 1,
  precision: 'single',
  checkpoints: 1,
  lambda: 0.7,
  beta: 2 / 3,
  dropout: 0,
};

export interface Workshop {
  /** For whatever a test writes; the cache is in it. */
  readonly folder: string;
  /** Of the package, and of the imported data set. */
  readonly tiny: string;
  readonly data: string;
  readonly model: BaseModel;
  readonly set: FeatureSet;
}

/** Filled before the first test of the file that calls it. */
export function openWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-adapter-'));
  const data = join(folder, 'data');
  const shop = { folder, data } as { -readonly [Key in keyof Workshop]: Workshop[Key] };
  beforeAll(async () => {
    for (const stream of [process.stderr, process.stdout]) vi.spyOn(stream, 'write').mockReturnValue(true);
    vi.stubEnv('SGRAFFITO_CACHE', join(folder, 'cache'));
    const source = writeMiniatureVisualGenome({ images: 60 });
    await runImport('visual-genome', source, { out: data, size: 64, minObjects: 1, minPredicates: 1 });
    shop.tiny = writeTinyStableDiffusion();
    shop.model = await openBaseModel(shop.tiny);
    shop.set = await computeFeatures({ model: shop.model, data, fusion: 'full' }, join(folder, 'encoded'), quiet);
  }, 120_000);
  afterAll(async () => {
    await shop.model.release();
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  return shop;
}
