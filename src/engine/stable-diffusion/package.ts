/**
 * A folder in diffusers' ONNX layout: small JSON files first, then the sizes of the large ones, then these. A manifest.json of kind
 * "stable-diffusion" beside model_index.json may add a vocabulary, defaults and hashes; nothing in it is needed.
 */
import { EngineError } from '#engine/contract/engine-error.ts';
import type { ModelFacts, StableDiffusionManifest } from '#engine/contract/manifest.ts';
import type { ModelNeeds } from '#engine/contract/model-survey.ts';
import { sizeText } from '#engine/contract/size-text.ts';
import { type DownloadProgress, type LargeFile, type ModelSource, reading } from '#engine/package/package-loader.ts';
import { withoutDraws } from '#engine/runtime/onnx-draws.ts';
import { type OnnxHeader, readOnnxHeader } from '#engine/runtime/onnx-header.ts';
import type { ModelFile } from '#engine/runtime/sessions.ts';
import type { TokenizerFiles } from './clip-tokenizer.ts';
import type { Fusion } from './conditioning-plan.ts';
import { checkFit, type Headers } from './fit.ts';
import { ADAPTER_FOLDER, NETWORKS } from './layout.ts';
import { factsOf, sizesOf } from './model-facts.ts';
import type { LatentScale, StableDiffusionModels } from './networks.ts';
import { missing, type PackageScheduler, readConfigs, readFusion } from './read-configs.ts';

export interface StableDiffusionPackage {
  readonly kind: 'stable-diffusion';
  readonly models: StableDiffusionModels;
  readonly manifest: ModelFacts;
  readonly scheduler: PackageScheduler;
  readonly scale: LatentScale;
  readonly tokenizer: TokenizerFiles;
  /** A latent's sides are multiples of it: the UNet halves them once for each of its levels but the last. */
  readonly latentUnit: number;
  /** Tokens of a prompt, unless the tokenizer says otherwise. */
  readonly promptLength: number;
  /** Of its graph adapter. */
  readonly fusion?: Fusion;
}

export interface StableDiffusionOptions {
  /** Where the package was found, in the user's words. */
  readonly title: string;
  readonly manifest?: StableDiffusionManifest | undefined;
  /** To paint over pictures: its VAE encoder is fetched as well. */
  readonly over?: boolean | undefined;
  /** Asked before weights are fetched; throws where they would be for nothing. */
  readonly check?: ((needs: ModelNeeds) => void | Promise<void>) | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const networkNames = ['textEncoder', 'unet', 'vaeDecoder'] as const;

/** An .onnx file is one protobuf message, which ends here. */
const MAX_ONNX_BYTES = 2 ** 31 - 1;
const MAX_EXTERNAL_BYTES = 12_000_000_000;
const MAX_PACKAGE_BYTES = 16_000_000_000;
/** An .onnx file up to this size is looked into before anything is promised: its weights may lie beside it. */
const MAX_LOOK_BYTES = 20_000_000;

/** What a user should know who sees no maps and no verdicts. */
export const WITH_ADAPTER =
  'This model reads the graph through its graph adapter. A plain UNet shows no attention maps, and without a verifier there are no verdicts.';
export const WITHOUT_ADAPTER =
  'This model has no graph adapter: it reads the graph as words, labels and triples, and holds relations less firmly. A plain UNet shows no attention maps, and without a verifier there are no verdicts.';

/** Reads the small files, checks that this is a model to fetch, and asks for the sizes of the large ones. @throws as loadStableDiffusion */
export async function needsOfStableDiffusion(
  source: ModelSource,
  options: Omit<StableDiffusionOptions, 'onProgress' | 'check'>,
): Promise<ModelNeeds> {
  const surroundings = await lookAround(source, options);
  await readConfigs(source);
  checkFit(surroundings.headers);
  return needsOf(surroundings);
}

function needsOf({ files, headers }: Surroundings): ModelNeeds {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const known = Object.entries(headers) as [keyof Headers, OnnxHeader][];
  return {
    bytes: sum(files.map(({ bytes }) => bytes)),
    kept: sum(files.map(({ bytes, kept }) => Math.min(bytes, kept))),
    halfPrecision: known.some(([, { halfPrecision }]) => halfPrecision),
    largestWeight: Math.max(0, ...known.map(([, { largestWeight }]) => largestWeight)),
    largestFile: files.reduce((largest, file) => (file.bytes > largest.bytes ? file : largest)),
    foreignOperators: known.map(([network, { foreignOperators }]) => ({
      file: `${NETWORKS[network]}/model.onnx`,
      names: foreignOperators,
    })),
  };
}

/** @throws EngineError model-not-found, model-damaged or model-unsupported, naming the file, or the signal's reason */
export async function loadStableDiffusion(
  source: ModelSource,
  options: StableDiffusionOptions,
): Promise<StableDiffusionPackage> {
  const { manifest, over, check, onProgress, signal } = options;
  const configs = await readConfigs(source);
  // What is small enough is looked into first: parts that do not fit each other are not worth their weights.
  const surroundings = await lookAround(source, options);
  const { files, headers: early } = surroundings;
  checkFit(early);
  await check?.(needsOf(surroundings));
  const sizes = new Map(files.map(({ path, bytes }) => [path, bytes]));
  const loaded = new Map<string, number>();
  const report = (file: string, bytes: number) => {
    signal?.throwIfAborted();
    loaded.set(file, bytes);
    sizes.set(file, Math.max(bytes, sizes.get(file) ?? 0));
    onProgress?.({ file, loaded: sumOf(loaded), total: sumOf(sizes) });
  };
  const open = (path: string, maxBytes: number): Promise<LargeFile> => {
    const { bytes, sha256 } = manifest?.files?.[path] ?? {};
    const most = bytes ?? maxBytes;
    return source.open(path, { maxBytes: most, sha256, signal, onProgress: (count) => report(path, count) });
  };
  const openModel = async (folder: string): Promise<{ readonly model: ModelFile; readonly header: OnnxHeader }> => {
    const path = `${folder}/model.onnx`;
    const file = await open(path, MAX_ONNX_BYTES);
    const header = await reading([file], () => readOnnxHeader(file, path));
    const external: { location: string; file: LargeFile }[] = [];
    for (const location of header.external) {
      external.push({ location, file: await open(`${folder}/${location}`, MAX_EXTERNAL_BYTES) });
    }
    return { model: { ...file, external }, header };
  };
  const openEncoder = async (): ReturnType<typeof openModel> => {
    const { model, header } = await openModel(NETWORKS.vaeEncoder);
    const { path, blob, ...file } = model;
    return { model: header.draws ? { ...file, read: async () => withoutDraws(await model.read()) } : model, header };
  };
  const textEncoder = await openModel(NETWORKS.textEncoder);
  const vaeDecoder = await openModel(NETWORKS.vaeDecoder);
  const vaeEncoder = over ? await openEncoder() : undefined;
  checkFit({
    ...early,
    textEncoder: textEncoder.header,
    vaeDecoder: vaeDecoder.header,
    ...(vaeEncoder && { vaeEncoder: vaeEncoder.header }),
  });
  const unet = await openModel(NETWORKS.unet);
  const headers = { textEncoder: textEncoder.header, vaeDecoder: vaeDecoder.header, unet: unet.header };
  checkFit(headers);
  const hasAdapter = (await source.stat(`${ADAPTER_FOLDER}/model.onnx`)) !== undefined;
  const adapter = hasAdapter ? (await openModel(ADAPTER_FOLDER)).model : undefined;
  const fusion = hasAdapter ? await readFusion(source) : undefined;
  return {
    kind: 'stable-diffusion',
    manifest: { ...factsOf(options, configs, sizesOf(configs, manifest?.image, headers.unet)), hasAdapter },
    scheduler: configs.scheduler,
    scale: { factor: configs.vae.scaling_factor, shift: configs.vae.shift_factor ?? 0 },
    tokenizer: configs.tokenizer,
    promptLength: configs.text.max_position_embeddings,
    ...(fusion && { fusion }),
    latentUnit: 2 ** (configs.unet.block_out_channels.length - 1),
    models: {
      textEncoder: textEncoder.model,
      vaeDecoder: vaeDecoder.model,
      unet: unet.model,
      ...(vaeEncoder && { vaeEncoder: vaeEncoder.model }),
      ...(adapter && { adapter }),
    },
  };
}

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, each) => sum + each, 0);

interface Listed {
  readonly path: string;
  readonly bytes: number;
  readonly kept: number;
}

interface Surroundings {
  readonly files: readonly Listed[];
  /** Of the networks whose .onnx file is small. */
  readonly headers: Partial<Headers>;
}

/** @throws EngineError model-not-found for a missing file, model-unsupported for more than this program takes */
async function lookAround(
  source: ModelSource,
  { title, manifest, over, signal }: Omit<StableDiffusionOptions, 'onProgress'>,
): Promise<Surroundings> {
  const files: Listed[] = [];
  if (over && !(await source.stat(`${NETWORKS.vaeEncoder}/model.onnx`))) throw withoutEncoder(title);
  const add = async (path: string) => {
    const facts = await source.stat(path);
    if (!facts) throw missing(path);
    const bytes = facts.bytes ?? manifest?.files?.[path]?.bytes ?? facts.kept;
    files.push({ path, bytes, kept: facts.kept });
    return bytes;
  };
  const look = async (folder: string): Promise<OnnxHeader | undefined> => {
    signal?.throwIfAborted();
    const path = `${folder}/model.onnx`;
    if ((await add(path)) > MAX_LOOK_BYTES) return undefined;
    const file = await source.open(path, { maxBytes: MAX_LOOK_BYTES, signal });
    const header = await reading([file], () => readOnnxHeader(file, path));
    for (const location of header.external) await add(`${folder}/${location}`);
    return header;
  };
  const headers: { -readonly [Network in keyof Headers]?: OnnxHeader } = {};
  for (const network of over ? [...networkNames, 'vaeEncoder' as const] : networkNames) {
    const header = await look(NETWORKS[network]);
    if (header) headers[network] = header;
  }
  if (await source.stat(`${ADAPTER_FOLDER}/model.onnx`)) await look(ADAPTER_FOLDER);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= MAX_PACKAGE_BYTES) return { files, headers };
  const message = `The model has ${sizeText(total)}; this program takes at most ${sizeText(MAX_PACKAGE_BYTES)}.`;
  throw new EngineError('model-unsupported', message);
}

const withoutEncoder = (title: string): EngineError =>
  new EngineError(
    'model-unsupported',
    `“${title}” has no vae_encoder/model.onnx, which turns a picture into a latent, so it cannot paint over one. Take an export that has it.`,
  );
