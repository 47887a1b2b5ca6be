/** A model package of whatever kind lies at a place: its manifest says, or the layout of its folder. */
import { EngineError } from './contract/engine-error.ts';
import type { Manifest, ModelFacts, StableDiffusionManifest } from './contract/manifest.ts';
import { type LoadOptions, loadFiles, type ModelPackage, type ModelSource } from './package/package-loader.ts';
import { MAX_MANIFEST_BYTES, parseAnyManifest } from './package/package-manifest.ts';
import {
  INDEX_FILE,
  loadStableDiffusion,
  type PackageSize,
  type StableDiffusionPackage,
  sizeOfStableDiffusion,
  WITH_ADAPTER,
  WITHOUT_ADAPTER,
} from './stable-diffusion/package.ts';

export type AnyPackage = ModelPackage | StableDiffusionPackage;

export interface AnyLoadOptions extends LoadOptions {
  /** Where the package was found, in the user's words: the title of a folder that has none. */
  readonly title: string;
}

/** @throws EngineError model-not-found, model-damaged (naming the file) or model-unsupported, or the signal's reason */
export async function loadAnyPackage(source: ModelSource, options: AnyLoadOptions): Promise<AnyPackage> {
  const manifest = await findManifest(source);
  if (manifest?.kind === 'picturebook') return loadFiles(source, manifest, options);
  return loadStableDiffusion(source, { ...options, manifest });
}

/** What would be fetched, before it is. @throws as loadAnyPackage */
export async function sizeOfPackage(source: ModelSource, signal?: AbortSignal): Promise<PackageSize> {
  const manifest = await findManifest(source);
  if (manifest?.kind !== 'picturebook') return sizeOfStableDiffusion(source, { manifest, signal });
  const bytes = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0);
  return { bytes, kept: 0 };
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
