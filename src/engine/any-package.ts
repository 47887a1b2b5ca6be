/** A model package of whatever kind lies at a place: its manifest says, or the layout of its folder. */
import { EngineError } from './contract/engine-error.ts';
import type { Manifest, ModelFacts, StableDiffusionManifest } from './contract/manifest.ts';
import type { ModelNeeds } from './contract/model-survey.ts';
import { type LoadOptions, loadFiles, type ModelPackage, type ModelSource } from './package/package-loader.ts';
import { MAX_MANIFEST_BYTES, parseAnyManifest } from './package/package-manifest.ts';
import { INDEX_FILE } from './stable-diffusion/layout.ts';
import {
  loadStableDiffusion,
  needsOfStableDiffusion,
  type StableDiffusionOptions,
  type StableDiffusionPackage,
  WITH_ADAPTER,
  WITHOUT_ADAPTER,
} from './stable-diffusion/package.ts';

export type AnyPackage = ModelPackage | StableDiffusionPackage;

export interface AnyLoadOptions extends LoadOptions {
  /** Where the package was found, in the user's words: the title of a folder that has none. */
  readonly title: string;
  /** To paint over pictures. */
  readonly over?: boolean | undefined;
  /** Of a package that others made: the built-in one runs everywhere. */
  readonly check?: StableDiffusionOptions['check'];
}

/** @throws as loadAnyPackage */
export async function kindOfPackage(source: ModelSource): Promise<AnyPackage['kind']> {
  return (await findManifest(source))?.kind ?? 'stable-diffusion';
}

export type SurveyOptions = Omit<AnyLoadOptions, 'cache' | 'check' | 'onProgress'>;

/** @throws EngineError model-not-found, model-damaged (naming the file) or model-unsupported, or the signal's reason */
export async function loadAnyPackage(source: ModelSource, options: AnyLoadOptions): Promise<AnyPackage> {
  const manifest = await findManifest(source);
  checkOver(manifest, options);
  if (manifest?.kind === 'picturebook') return loadFiles(source, manifest, options);
  return loadStableDiffusion(source, { ...options, manifest });
}

/** What a package takes, before it is fetched. @throws as loadAnyPackage */
export async function needsOfPackage(source: ModelSource, options: SurveyOptions): Promise<ModelNeeds> {
  const manifest = await findManifest(source);
  checkOver(manifest, options);
  if (manifest?.kind !== 'picturebook') return needsOfStableDiffusion(source, { ...options, manifest });
  const files = Object.entries(manifest.files).map(([path, { bytes }]) => ({ path, bytes }));
  return {
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    kept: 0,
    halfPrecision: false,
    largestWeight: 0,
    largestFile: files.reduce((largest, file) => (file.bytes > largest.bytes ? file : largest)),
    foreignOperators: [],
  };
}

function checkOver(manifest: Manifest | StableDiffusionManifest | undefined, { title, over }: SurveyOptions): void {
  if (!over || manifest?.kind !== 'picturebook') return;
  const message = `“${title}” paints graphs and cannot paint over a picture. Take a Stable Diffusion model that has a vae_encoder.`;
  throw new EngineError('model-unsupported', message);
}

/** What the user should know of a loaded package. */
export function notesOf({ kind, hasAdapter }: Pick<ModelFacts, 'kind' | 'hasAdapter'>): string[] {
  return kind === 'stable-diffusion' ? [hasAdapter ? WITH_ADAPTER : WITHOUT_ADAPTER] : [];
}

/** @returns undefined for a diffusers folder without one */
async function findManifest(source: ModelSource): Promise<Manifest | StableDiffusionManifest | undefined> {
  try {
    return parseAnyManifest(await source.read('manifest.json', { maxBytes: MAX_MANIFEST_BYTES }));
  } catch (error) {
    const isMissing = error instanceof EngineError && error.code === 'model-not-found';
    if (!isMissing || !(await source.stat(INDEX_FILE))) throw error;
    return undefined;
  }
}
