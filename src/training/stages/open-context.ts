/** A context as the command line and workers open it: checkpoints in the cache folder, words of the built-in package. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WordVectors } from '#engine/word-vectors.ts';
import { cacheFolder } from '../cache-folder.ts';
import type { TrainingConfig } from '../config.ts';
import type { Crew } from '../jobs/crew.ts';
import { CheckpointStore } from '../trainer/checkpoint.ts';
import type { Device } from '../trainer/training-step.ts';
import { createContext, type StageContext } from './context.ts';

const words = join(import.meta.dirname, '../../../public/models/picturebook/word-vectors.safetensors');

/** @param crew this process alone when absent */
export function openContext(config: TrainingConfig, device: Device, crew?: Crew): StageContext {
  const store = new CheckpointStore(join(cacheFolder(), 'training', config.name), config);
  const embedding = new WordVectors(readFileSync(words));
  return createContext({ config, device, store, embedding, ...(crew && { crew }) });
}
