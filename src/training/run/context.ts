/** What every stage is given. */
import { join } from 'node:path';
import type { TokenSpec } from '#diffusion/tokens.ts';
import type { WordVectors } from '#engine/picturebook/word-vectors.ts';
import type { Composition } from '#training/corpus/compose/compose.ts';
import { GRID } from '#training/corpus/sample/cell-features.ts';
import { SceneLoader } from '#training/corpus/sample/stream.ts';
import { firstSceneOf, type LoaderPurpose } from '#training/corpus/world/purposes.ts';
import type { RenderedScene, SceneGraphSample } from '#training/corpus/world/scene.ts';
import { worldVocabulary } from '#training/corpus/world/world-vocabulary.ts';
import type { WorkerPool } from '#training/jobs/job.ts';
import { alone } from '#training/jobs/pool.ts';
import type { CheckpointStore } from '#training/trainer/checkpoint.ts';
import type { Device } from '#training/trainer/training-step.ts';
import type { TrainingConfig } from './config.ts';

export interface SceneRecord {
  readonly rendered: RenderedScene;
  readonly sample: SceneGraphSample;
}

export interface RecordLoader {
  records(count: number): Promise<SceneRecord[]>;
  scenes(count: number): Promise<RenderedScene[]>;
  close(): Promise<void>;
}

export interface LoaderOptions extends Partial<Composition> {
  /** Scenes of the purpose's range that are passed over. */
  readonly offset?: number;
  /** Pixels per side. */
  readonly size?: number;
}

export interface StageContext {
  readonly config: TrainingConfig;
  readonly device: Device;
  readonly store: CheckpointStore;
  readonly world: typeof worldVocabulary;
  readonly tokenSpec: TokenSpec & { readonly embedding: WordVectors };
  /** Corpus statistics and latents; a trial shares those of the run that it belongs to. */
  readonly dataFolder: string;
  /** Sample sheets go here. */
  readonly sheetFolder: string;
  /** Who does what can be spread: latents, pictures to score, trials. */
  readonly pool: WorkerPool;
  say(line: string): void;
  /**
   * Scenes of the train split, in a range of their own for each purpose: the verifier shares none with another stage.
   * Pictures have the model's size and 1 to 5 things unless options say otherwise.
   */
  loader(purpose: LoaderPurpose, options?: LoaderOptions): RecordLoader;
}

interface ContextParts {
  readonly config: TrainingConfig;
  readonly device: Device;
  readonly store: CheckpointStore;
  readonly embedding: WordVectors;
  /** The store's folder when absent. */
  readonly dataFolder?: string;
  /** This process alone when absent. */
  readonly pool?: WorkerPool;
}

export function createContext({
  config,
  device,
  store,
  embedding,
  dataFolder,
  pool = alone,
}: ContextParts): StageContext {
  return {
    config,
    device,
    store,
    world: worldVocabulary,
    tokenSpec: {
      predicates: worldVocabulary.predicates,
      styles: worldVocabulary.styles,
      embedding,
      labels: worldVocabulary.objects,
    },
    dataFolder: dataFolder ?? store.folder,
    sheetFolder: join(store.folder, 'sheets'),
    pool,
    say: (line) => process.stderr.write(`${line}\n`),
    loader(purpose, { offset = 0, size = config.imageSize, things = config.things, ...composing } = {}) {
      const { [purpose]: passedOver = 0 }: Partial<Record<LoaderPurpose, number>> = config.passedOver;
      const start = firstSceneOf(purpose) + passedOver + offset;
      const loader = new SceneLoader({ split: 'train', size, grid: GRID, things, start, ...composing });
      const records = async (count: number) => {
        const list: SceneRecord[] = [];
        while (list.length < count) list.push(await loader.next());
        return list;
      };
      return {
        records,
        scenes: async (count) => (await records(count)).map(({ rendered }) => rendered),
        close: async () => {
          await loader.terminate();
        },
      };
    },
  };
}
