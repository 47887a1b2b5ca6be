/** The real stages at a small size: a configuration that trains in seconds, and a context that draws its scenes in the calling thread. */
import { readFileSync } from 'node:fs';
import { WordVectors } from '#engine/picturebook/word-vectors.ts';
import { GRID } from '#training/corpus/sample/cell-features.ts';
import { SceneStream } from '#training/corpus/sample/stream.ts';
import { CheckpointStore } from '#training/trainer/checkpoint.ts';
import { defaultConfig, type TrainingConfig } from './config.ts';
import { createContext, type StageContext } from './context.ts';

const STAGE_MINUTES = 1 / 60;

export const smallConfig: TrainingConfig = {
  ...defaultConfig,
  name: 'small',
  imageSize: 64,
  minutes: {
    autoencoder: STAGE_MINUTES,
    clip: STAGE_MINUTES,
    verifier: STAGE_MINUTES,
    'graph-encoder': STAGE_MINUTES,
    denoiser: STAGE_MINUTES,
    finetune: STAGE_MINUTES,
    student: STAGE_MINUTES,
  },
  autoencoder: {
    ...defaultConfig.autoencoder,
    texels: 4,
    groundWidth: 16,
    width: 16,
    batch: 2,
  },
  clip: { image: { widths: [16, 16], blocks: [1, 1] }, labelWidth: 16, featureWidth: 16, batch: 4 },
  verifier: { widths: [16, 16, 16], blocks: [1, 1], thresholdScenes: 64 },
  latents: { scenes: 32, evenly: 0.5, whole: 0.5 },
  student: { ...defaultConfig.student, rank: 2, batch: 2, sigmas: [2], teacherSteps: 4 },
  evaluation: { graphs: 3 },
  sheets: { pictures: 2 },
  trials: { pictures: 40, graphs: 3 },
  samplers: { graphs: 2, passes: [4] },
  graphEncoder: { ...defaultConfig.graphEncoder, width: 16, layers: 2 },
  denoiser: { ...defaultConfig.denoiser, tokenWidth: 16, channels: 16, blocks: 2, heads: 2, convolutions: 1, batch: 4 },
};

/** @param folder of the checkpoints */
export function smallContext(folder: string, config = smallConfig): StageContext {
  const embedding = new WordVectors(readFileSync('public/models/picturebook/word-vectors.safetensors'));
  const store = new CheckpointStore(folder, config);
  return {
    ...createContext({ config, device: 'cpu', store, embedding }),
    say: () => {},
    loader(_, { offset = 0, size = config.imageSize, things = config.things, ...composing } = {}) {
      const stream = new SceneStream({ split: 'train', size, grid: GRID, things, start: offset, ...composing });
      const records = async (count: number) => Array.from({ length: count }, () => stream.next());
      return {
        records,
        scenes: async (count) => (await records(count)).map(({ rendered }) => rendered),
        close: async () => {},
      };
    },
  };
}
