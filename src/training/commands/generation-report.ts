/** `--report FILE.json`: what was painted, of what, by what, and how long it took. */
import type { AnyPackage } from '#engine/any-package.ts';
import type { TextPrompt } from '#engine/contract/protocol.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { packageHashes } from './package-hashes.ts';
import type { Painted, Stage } from './painters.ts';

export interface PictureReport extends Painted {
  readonly file: string;
  readonly subject: SceneGraph | TextPrompt;
}

export interface RunReport {
  readonly model: AnyPackage;
  /** What painted over its pictures. */
  readonly over?: AnyPackage | undefined;
  /** From the start of the program until the model was open. */
  readonly loadMilliseconds: number;
  readonly pictures: readonly PictureReport[];
}

/** Every number that decided the pictures, ready to be written as JSON. */
export async function generationReport({ model, over, loadMilliseconds, pictures }: RunReport): Promise<object> {
  return {
    format: 'sgraffito/generation-report',
    version: 1,
    model: namesOf(model),
    ...(over && { over: { ...namesOf(over), packageHashes: await packageHashes(over) } }),
    backend: pictures[0]?.result.backend,
    seeds: pictures.map(({ settings }) => settings.seed),
    pictures: pictures.map(pictureOf),
    packageHashes: await packageHashes(model),
    milliseconds: { load: Math.round(loadMilliseconds) },
    // Of the whole process, ONNX Runtime's weights included.
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function namesOf({ manifest: { name, title, kind } }: AnyPackage): object {
  return { name, title, kind };
}

/** Of two models first what the one drew, then what the other made of it. */
function pictureOf({ file, subject, over, ...stage }: PictureReport): object {
  return {
    file,
    ...('prompt' in subject ? {} : { graph: subject }),
    ...stageOf(stage),
    ...(over && { over: { strength: over.strength, ...stageOf(over) } }),
  };
}

function stageOf({ settings, result }: Stage): object {
  const { account } = result;
  const { picture, milliseconds } = result;
  return {
    ...(account && {
      prompts: account.prompts,
      negative: account.negative,
      tokenIds: account.tokenIds,
      negativeTokenIds: account.negativeTokenIds,
      tokensCut: account.tokensCut,
      sigmas: account.sigmas,
      timesteps: account.timesteps,
    }),
    seed: settings.seed,
    sampler: settings.sampler,
    steps: settings.steps,
    guidanceScale: settings.guidanceScale,
    width: picture.width,
    height: picture.height,
    milliseconds: { ...result.stages, total: milliseconds },
  };
}
