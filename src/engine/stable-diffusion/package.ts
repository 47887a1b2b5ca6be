/**
 * A folder in diffusers' ONNX layout: small JSON files first, then the sizes of the large ones, then these. A manifest.json of kind
 * "stable-diffusion" beside model_index.json may add a vocabulary, defaults and hashes; nothing in it is needed.
 */
import * as v from 'valibot';
import { EngineError } from '#engine/contract/engine-error.ts';
import type { ModelFacts, StableDiffusionManifest } from '#engine/contract/manifest.ts';
import { sizeText } from '#engine/package/download.ts';
import type { DownloadProgress, LargeFile, ModelSource } from '#engine/package/package-loader.ts';
import { externalLocations } from '#engine/runtime/onnx-external.ts';
import type { ModelFile } from '#engine/runtime/sessions.ts';
import { type TokenizerFiles, tokenizerConfigSchema } from './clip-tokenizer.ts';
import {
  checkPipeline,
  checkUnet,
  modelIndexSchema,
  readScheduler,
  type SchedulerConfig,
  schedulerSchema,
  textEncoderSchema,
  unetSchema,
  vaeSchema,
} from './configs.ts';
import type { LatentScale, StableDiffusionModels } from './networks.ts';
import { kinds, openVocabulary } from './open-vocabulary.ts';

export interface StableDiffusionPackage extends StableDiffusionConfigs {
  readonly kind: 'stable-diffusion';
  readonly models: StableDiffusionModels;
}

/** Everything that the small files say. */
export interface StableDiffusionConfigs {
  readonly manifest: ModelFacts;
  readonly scheduler: SchedulerConfig;
  readonly scale: LatentScale;
  readonly tokenizer: TokenizerFiles;
  /** Tokens of a prompt, unless the tokenizer says otherwise. */
  readonly promptLength: number;
}

export interface StableDiffusionOptions {
  /** Where the package was found, in the user's words. */
  readonly title: string;
  readonly manifest?: StableDiffusionManifest | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is large, and how much of it is here already. */
export interface PackageSize {
  readonly bytes: number;
  readonly kept: number;
}

export const INDEX_FILE = 'model_index.json';
/** Trained by `npm run train -- adapter`; a package without it is read by its words. */
export const ADAPTER_FOLDER = 'graph_adapter';
const NETWORKS = { textEncoder: 'text_encoder', unet: 'unet', vaeDecoder: 'vae_decoder' } as const;

const MAX_CONFIG_BYTES = 1_000_000;
const MAX_TOKENIZER_BYTES = 20_000_000;
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

/** Reads the small files and asks for the sizes of the large ones. @throws as loadStableDiffusion */
export async function sizeOfStableDiffusion(
  source: ModelSource,
  options: Pick<StableDiffusionOptions, 'manifest' | 'signal'>,
): Promise<PackageSize> {
  const files = await listLargeFiles(source, options);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  return {
    bytes: sum(files.map(({ bytes }) => bytes)),
    kept: sum(files.map(({ bytes, kept }) => Math.min(bytes, kept))),
  };
}

/** @throws EngineError model-not-found, model-damaged or model-unsupported, naming the file, or the signal's reason */
export async function loadStableDiffusion(
  source: ModelSource,
  options: StableDiffusionOptions,
): Promise<StableDiffusionPackage> {
  const { manifest, onProgress, signal } = options;
  const configs = await readConfigs(source, options);
  const sizes = new Map((await listLargeFiles(source, options)).map(({ path, bytes }) => [path, bytes]));
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
  const openModel = async (folder: string): Promise<ModelFile> => {
    const path = `${folder}/model.onnx`;
    const file = await open(path, MAX_ONNX_BYTES);
    const external: { location: string; file: LargeFile }[] = [];
    for (const location of await externalLocations(file, path)) {
      external.push({ location, file: await open(`${folder}/${location}`, MAX_EXTERNAL_BYTES) });
    }
    return { ...file, external };
  };
  const textEncoder = await openModel(NETWORKS.textEncoder);
  const vaeDecoder = await openModel(NETWORKS.vaeDecoder);
  const unet = await openModel(NETWORKS.unet);
  const adapter = configs.manifest.hasAdapter ? await openModel(ADAPTER_FOLDER) : undefined;
  const models = { textEncoder, vaeDecoder, unet, ...(adapter && { adapter }) };
  return { kind: 'stable-diffusion', ...configs, models };
}

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, each) => sum + each, 0);

interface Listed {
  readonly path: string;
  readonly bytes: number;
  readonly kept: number;
}

/** @throws EngineError model-not-found for a missing file, model-unsupported for more than this program takes */
async function listLargeFiles(
  source: ModelSource,
  { manifest, signal }: Pick<StableDiffusionOptions, 'manifest' | 'signal'>,
): Promise<Listed[]> {
  const listed: Listed[] = [];
  const add = async (path: string) => {
    const facts = await source.stat(path);
    if (!facts) throw missing(path);
    const bytes = facts.bytes ?? manifest?.files?.[path]?.bytes ?? facts.kept;
    listed.push({ path, bytes, kept: facts.kept });
    return bytes;
  };
  const hasAdapter = (await source.stat(`${ADAPTER_FOLDER}/model.onnx`)) !== undefined;
  for (const folder of [...Object.values(NETWORKS), ...(hasAdapter ? [ADAPTER_FOLDER] : [])]) {
    signal?.throwIfAborted();
    const path = `${folder}/model.onnx`;
    if ((await add(path)) > MAX_LOOK_BYTES) continue;
    const file = await source.open(path, { maxBytes: MAX_LOOK_BYTES, signal });
    for (const location of await externalLocations(file, path)) await add(`${folder}/${location}`);
  }
  const total = listed.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= MAX_PACKAGE_BYTES) return listed;
  const message = `The model has ${sizeText(total)}; this program takes at most ${sizeText(MAX_PACKAGE_BYTES)}.`;
  throw new EngineError('model-unsupported', message);
}

async function readConfigs(
  source: ModelSource,
  { title, manifest }: Pick<StableDiffusionOptions, 'title' | 'manifest'>,
): Promise<StableDiffusionConfigs> {
  checkPipeline(parse(INDEX_FILE, modelIndexSchema, await readJson(source, INDEX_FILE)));
  const schedulerFile = 'scheduler/scheduler_config.json';
  const scheduler = readScheduler(parse(schedulerFile, schedulerSchema, await readJson(source, schedulerFile)));
  const optional = async <Schema extends v.GenericSchema>(path: string, schema: Schema) =>
    parse(path, schema, (await source.stat(path)) ? await readJson(source, path) : {});
  const unet = await optional('unet/config.json', unetSchema);
  const vae = await optional('vae_decoder/config.json', vaeSchema);
  const text = await optional('text_encoder/config.json', textEncoderSchema);
  checkUnet(unet, vae);
  const scale = { factor: vae.scaling_factor, shift: vae.shift_factor ?? 0 };
  const grain = 2 ** (vae.block_out_channels.length - 1);
  const [height, width] =
    typeof unet.sample_size === 'number' ? [unet.sample_size, unet.sample_size] : unet.sample_size;
  const image = manifest?.image ?? { width: width * grain, height: height * grain };
  const latent = { channels: unet.in_channels, height: image.height / grain, width: image.width / grain };
  if (!Number.isInteger(latent.height) || !Number.isInteger(latent.width)) {
    throw new EngineError('model-damaged', `manifest.json: the picture’s sides must be multiples of ${grain}.`);
  }
  return {
    manifest: {
      ...factsOf(title, manifest, scheduler, image, latent),
      hasAdapter: (await source.stat(`${ADAPTER_FOLDER}/model.onnx`)) !== undefined,
    },
    scheduler,
    scale,
    tokenizer: await readTokenizer(source),
    promptLength: text.max_position_embeddings,
  };
}

function factsOf(
  title: string,
  manifest: StableDiffusionManifest | undefined,
  { sampler, isFewStep }: SchedulerConfig,
  image: ModelFacts['image'],
  latent: ModelFacts['latent'],
): ModelFacts {
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const pace = isFewStep ? { steps: 4, guidanceScale: 1 } : { steps: 25, guidanceScale: 7.5 };
  return {
    kind: 'stable-diffusion',
    name: manifest?.name ?? (slug.slice(-64).replace(/^-/, '') || 'stable-diffusion'),
    title: manifest?.title ?? title,
    vocabulary: manifest?.vocabulary ?? openVocabulary,
    kinds: manifest?.kinds ?? kinds,
    styles: [],
    limits: manifest?.limits ?? { objects: 30, relations: 60 },
    image,
    latent,
    defaults: { ...(manifest?.defaults ?? { sampler, ...pace }), style: 'any' },
    licence: manifest?.licence ?? '',
    credits: manifest?.credits ?? [],
    likely: manifest?.likely ?? [],
  };
}

async function readTokenizer(source: ModelSource): Promise<TokenizerFiles> {
  const folder = 'tokenizer';
  const read = async (name: string) => readJson(source, `${folder}/${name}`, MAX_TOKENIZER_BYTES);
  const has = async (name: string) => (await source.stat(`${folder}/${name}`)) !== undefined;
  const configFile = 'tokenizer_config.json';
  const said = {
    ...((await has('special_tokens_map.json')) ? ((await read('special_tokens_map.json')) as object) : {}),
    ...((await has(configFile)) ? ((await read(configFile)) as object) : {}),
  };
  const config = parse(`${folder}/${configFile}`, tokenizerConfigSchema, said);
  if (await has('vocab.json')) {
    const merges = new TextDecoder().decode(await readFile(source, `${folder}/merges.txt`, MAX_TOKENIZER_BYTES));
    return { config, definition: { vocabulary: await read('vocab.json'), merges } };
  }
  if (await has('tokenizer.json')) return { config, definition: { json: await read('tokenizer.json') } };
  throw missing(`${folder}/vocab.json`);
}

async function readFile(source: ModelSource, path: string, maxBytes: number): Promise<Uint8Array> {
  if (!(await source.stat(path))) throw missing(path);
  return source.read(path, { maxBytes, keep: true });
}

async function readJson(source: ModelSource, path: string, maxBytes = MAX_CONFIG_BYTES): Promise<unknown> {
  const bytes = await readFile(source, path, maxBytes);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new EngineError('model-damaged', `${path} is damaged: it is not JSON.`);
  }
}

function parse<Schema extends v.GenericSchema>(path: string, schema: Schema, value: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new EngineError('model-damaged', `${path} is damaged: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}.`);
}

const missing = (path: string): EngineError =>
  new EngineError(
    'model-not-found',
    `The package has no ${path}. A Stable Diffusion model must be exported to ONNX first (optimum-cli export onnx --model NAME FOLDER).`,
  );
