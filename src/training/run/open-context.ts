/** A context as the command line and workers open it: checkpoints in the cache folder, words of the built-in package. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WordVectors } from '#engine/picturebook/word-vectors.ts';
import { packageFolder } from '#training/files/model-folder.ts';
import type { WorkerPool } from '#training/jobs/job.ts';
import { CheckpointStore } from '#training/trainer/checkpoint.ts';
import type { Device } from '#training/trainer/training-step.ts';
import { cacheFolder } from './cache-folder.ts';
import type { TrainingConfig } from './config.ts';
import { createContext, type StageContext } from './context.ts';

const words = join(packageFolder('picturebook'), 'word-vectors.safetensors');

/** @param pool this process alone when absent */
export function openContext(config: TrainingConfig, device: Device, pool?: WorkerPool): StageContext {
  const store = new CheckpointStore(join(cacheFolder(), 'training', config.name), config);
  const embedding = new WordVectors(readFileSync(words));
  return createContext({ config, device, store, embedding, ...(pool && { pool }) });
}
