/** `--report FILE.json`: what was painted, of what, by what, and how long it took. */
import { createHash } from 'node:crypto';
import type { AnyPackage } from '#engine/any-package.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import type { GenerationResult, TextPrompt } from '#engine/contract/protocol.ts';
import type { LargeFile } from '#engine/package/package-loader.ts';
import { ADAPTER_FOLDER, NETWORKS } from '#engine/stable-diffusion/package.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';

export interface PictureReport {
  readonly file: string;
  readonly subject: SceneGraph | TextPrompt;
  readonly settings: GenerationSettings;
  readonly result: GenerationResult;
}

export interface RunReport {
  readonly model: AnyPackage;
  /** From the start of the program until the model was open. */
  readonly loadMilliseconds: number;
  readonly pictures: readonly PictureReport[];
}

/** Every number that decided the pictures, ready to be written as JSON. */
export async function generationReport({ model, loadMilliseconds, pictures }: RunReport): Promise<object> {
  const { name, title, kind } = model.manifest;
  return {
    format: 'sgraffito/generation-report',
    version: 1,
    model: { name, title, kind },
    backend: pictures[0]?.result.backend,
    seeds: pictures.map(({ settings }) => settings.seed),
    pictures: pictures.map(pictureOf),
    packageHashes: await packageHashes(model),
    milliseconds: { load: Math.round(loadMilliseconds) },
    // Of the whole process, ONNX Runtime's weights included.
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function pictureOf({ file, subject, settings, result }: PictureReport): object {
  const { account } = result;
  const { picture, milliseconds } = result;
  return {
    file,
    ...('prompt' in subject ? {} : { graph: subject }),
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
    milliseconds: { ...account?.milliseconds, total: milliseconds },
  };
}

/** SHA-256 of every file with weights, by its path in the package. */
async function packageHashes(model: AnyPackage): Promise<Record<string, string>> {
  if (model.kind === 'picturebook') {
    return Object.fromEntries(Object.entries(model.manifest.files).map(([path, { sha256 }]) => [path, sha256]));
  }
  const folders = { ...NETWORKS, adapter: ADAPTER_FOLDER };
  const hashes: Record<string, string> = {};
  for (const [network, folder] of Object.entries(folders) as [keyof typeof folders, string][]) {
    const file = model.models[network];
    if (!file) continue;
    hashes[`${folder}/model.onnx`] = await sha256Of(file);
    for (const { location, file: external } of file.external)
      hashes[`${folder}/${location}`] = await sha256Of(external);
  }
  return hashes;
}

const PIECE = 2 ** 24;

/** In pieces: a file may be larger than memory. */
async function sha256Of(file: LargeFile): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < file.bytes; at += PIECE) {
    hash.update(await file.slice(at, Math.min(file.bytes, at + PIECE)));
  }
  return hash.digest('hex');
}
