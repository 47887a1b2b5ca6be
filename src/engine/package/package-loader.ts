/** A model package from wherever it lies, every file checked against the manifest's length and SHA-256. */
import { EngineError } from '#engine/contract/engine-error.ts';
import { type Manifest, type PackageFile, paintersFiles, type STUDENT_FILE } from '#engine/contract/manifest.ts';
import { MAX_MANIFEST_BYTES, parseManifest } from './package-manifest.ts';

export interface ReadOptions {
  /** A longer file is refused while it is read. */
  readonly maxBytes: number;
  /** Called with the bytes of this file so far. */
  readonly onProgress?: (loaded: number) => void;
  /** To be there without a network, too, where the source has a store and the package no cache by hash. */
  readonly keep?: boolean;
}

/** Where a package lies: package-url.ts at an address, package-folder.ts in Node, package-picked.ts where a user's browser may look. */
export interface ModelSource {
  /** @throws EngineError model-not-found when there is no such file, model-damaged when it is longer than allowed */
  read(path: string, options: ReadOptions): Promise<Uint8Array>;
  /** @returns undefined when there is no such file */
  stat(path: string): Promise<FileFacts | undefined>;
  /** A file that may be too large for memory; from afar it is fetched into a store, going on where an earlier try broke off. */
  open(path: string, options: OpenOptions): Promise<LargeFile>;
}

export interface FileFacts {
  /** Undefined where a server does not say. */
  readonly bytes: number | undefined;
  readonly sha256?: string;
  /** Bytes that are here already. */
  readonly kept: number;
}

export interface OpenOptions {
  readonly maxBytes: number;
  /** What the file must hash to, where it is known. */
  readonly sha256?: string | undefined;
  /** Called with the bytes of this file so far. */
  readonly onProgress?: (loaded: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A file where it lies. */
export interface LargeFile {
  readonly bytes: number;
  /** In Node. */
  readonly path?: string;
  read(): Promise<Uint8Array>;
  /** Bytes from start up to, but without, end. */
  slice(start: number, end: number): Promise<Uint8Array>;
  /** In the browser, without a copy in memory. */
  readonly blob?: () => Promise<Blob>;
  /** Of a download: deletes it here, so that the next try fetches it anew. */
  readonly forget?: () => Promise<void>;
}

/**
 * Reads files that a server sent without saying what they hash to: what turns out to be damaged is not kept.
 * @throws what `read` does; of a damaged download, what was done about it
 */
export async function reading<Result>(files: readonly LargeFile[], read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const kept = files.flatMap(({ forget }) => forget ?? []);
    if (!(error instanceof EngineError) || error.code !== 'model-damaged' || kept.length === 0) throw error;
    for (const forget of kept) await forget();
    const message = `${error.message} It was deleted on this computer: try again to fetch it anew.`;
    throw new EngineError('model-damaged', message, { cause: error });
  }
}

/** Files kept from an earlier visit, by their hash. A cache that fails is passed over. */
export interface PackageCache {
  get(model: string, sha256: string): Promise<Uint8Array | undefined>;
  put(model: string, sha256: string, bytes: Uint8Array): Promise<void>;
  /** Forgets a model's files of other hashes. */
  keepOnly(model: string, sha256s: readonly string[]): Promise<void>;
}

export interface LoadOptions {
  readonly cache?: PackageCache | undefined;
  /** Bytes of the whole package. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Gives up between two pieces; what has come is kept. */
  readonly signal?: AbortSignal | undefined;
}

export interface DownloadProgress {
  /** The file that just grew. */
  readonly file: string;
  readonly loaded: number;
  readonly total: number;
}

/** The student's where the package has one. */
type PackageBytes = Readonly<Record<PackageFile, Uint8Array> & Partial<Record<typeof STUDENT_FILE, Uint8Array>>>;

/** A package of kind "picturebook". */
export interface ModelPackage {
  readonly kind: 'picturebook';
  readonly manifest: Manifest;
  readonly files: PackageBytes;
  /** False where the page has no means to hash (not served over HTTPS): then only lengths were checked. */
  readonly verified: boolean;
}

/** @throws EngineError model-not-found, model-damaged (naming the file) or model-unsupported */
export async function loadPackage(source: ModelSource, options: LoadOptions = {}): Promise<ModelPackage> {
  return loadFiles(
    source,
    parseManifest(await source.read('manifest.json', { maxBytes: MAX_MANIFEST_BYTES })),
    options,
  );
}

/** The files of a manifest that was read. @throws EngineError model-not-found or model-damaged, naming the file */
export async function loadFiles(
  source: ModelSource,
  manifest: Manifest,
  { cache, onProgress, signal }: LoadOptions = {},
): Promise<ModelPackage> {
  const names = paintersFiles(manifest);
  const total = names.reduce((sum, name) => sum + manifest.files[name]!.bytes, 0);
  const loaded = new Map<string, number>();
  const report = (file: string, bytes: number) => {
    signal?.throwIfAborted();
    loaded.set(file, bytes);
    onProgress?.({ file, loaded: [...loaded.values()].reduce((sum, count) => sum + count, 0), total });
  };
  const entries = await Promise.all(
    names.map(async (name) => {
      const reportFile = (bytes: number) => report(name, bytes);
      return [name, await loadFile(source, manifest, name, cache, reportFile)] as const;
    }),
  );
  const kept = manifest.sprites ? [...names, manifest.sprites.file] : names;
  const hashes = kept.map((name) => manifest.files[name]!.sha256);
  await cache?.keepOnly(manifest.name, hashes).catch(() => undefined);
  const files = Object.fromEntries(entries) as PackageBytes;
  return { kind: 'picturebook', manifest, files, verified: canHash() };
}

/** One file that the manifest lists, from the cache if it is there. @throws EngineError model-not-found or model-damaged */
export async function loadFile(
  source: ModelSource,
  manifest: Manifest,
  name: string,
  cache: PackageCache | undefined,
  report: (bytes: number) => void = () => undefined,
): Promise<Uint8Array> {
  const { bytes: length, sha256 } = manifest.files[name]!;
  const kept = await cache?.get(manifest.name, sha256).catch(() => undefined);
  if (kept && (await faultOfBytes(kept, length, sha256)) === undefined) {
    report(length);
    return kept;
  }
  const bytes = await source.read(name, { maxBytes: length, onProgress: report });
  const fault = await faultOfBytes(bytes, length, sha256);
  if (fault !== undefined) throw new EngineError('model-damaged', `${name} is damaged: ${fault}.`);
  await cache?.put(manifest.name, sha256, bytes).catch(() => undefined);
  return bytes;
}

async function faultOfBytes(bytes: Uint8Array, length: number, sha256: string): Promise<string | undefined> {
  if (bytes.length !== length) return `it has ${bytes.length} bytes, the manifest says ${length}`;
  if (!canHash()) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex === sha256 ? undefined : 'its SHA-256 is not the one in the manifest';
}

/** Browsers hash only on pages served over HTTPS or from localhost. */
const canHash = (): boolean => globalThis.crypto?.subtle !== undefined;
