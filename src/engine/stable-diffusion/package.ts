/**
 * A folder in diffusers' ONNX layout: small JSON files first, then the sizes of the large ones, then these. A manifest.json of kind
 * "stable-diffusion" beside model_index.json may add a vocabulary, defaults and hashes; nothing in it is needed.
 */
import * as v from 'valibot';
import { EngineError } from '#engine/contract/engine-error.ts';
import type { ModelFacts, StableDiffusionManifest } from '#engine/contract/manifest.ts';
import type { ModelNeeds } from '#engine/contract/model-survey.ts';
import { sizeText } from '#engine/contract/size-text.ts';
import { parsePythonJson } from '#engine/formats/python-json.ts';
import { type DownloadProgress, type LargeFile, type ModelSource, reading } from '#engine/package/package-loader.ts';
import { withoutDraws } from '#engine/runtime/onnx-draws.ts';
import { type OnnxHeader, readOnnxHeader } from '#engine/runtime/onnx-header.ts';
import type { ModelFile } from '#engine/runtime/sessions.ts';
import { type TokenizerFiles, tokenizerConfig, tokenizerConfigSchema } from './clip-tokenizer.ts';
import type { Fusion } from './conditioning-plan.ts';
import {
  adapterSchema,
  checkPipeline,
  checkUnet,
  modelIndexSchema,
  type TextEncoderConfig,
  textEncoderSchema,
  type UnetConfig,
  unetSchema,
  type VaeConfig,
  vaeSchema,
} from './configs.ts';
import { checkFit, fixedDims, type Headers } from './fit.ts';
import type { LatentScale, StableDiffusionModels } from './networks.ts';
import { kinds, openVocabulary } from './open-vocabulary.ts';
import {
  readScheduler,
  SCHEDULER_FILE,
  type Scheduler,
  type SchedulerConfig,
  schedulerSchema,
} from './scheduler-config.ts';

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

/** What the package's scheduler does, and its file, which another sampler reads in its own way. */
export interface PackageScheduler extends Scheduler {
  readonly config: SchedulerConfig;
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

export const INDEX_FILE = 'model_index.json';
/** Trained by `npm run train -- finetune`; a package without it is read by its words. */
export const ADAPTER_FOLDER = 'graph_adapter';
export const ADAPTER_CONFIG = `${ADAPTER_FOLDER}/config.json`;
/** Folders of the networks that paint, and of the one that pictures are painted over with. */
export const NETWORKS = {
  textEncoder: 'text_encoder',
  unet: 'unet',
  vaeDecoder: 'vae_decoder',
  vaeEncoder: 'vae_encoder',
} as const;
const networkNames = ['textEncoder', 'unet', 'vaeDecoder'] as const;

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

async function readFusion(source: ModelSource): Promise<Fusion> {
  const config = (await source.stat(ADAPTER_CONFIG)) ? await readJson(source, ADAPTER_CONFIG) : {};
  return parse(ADAPTER_CONFIG, adapterSchema, config).fusion;
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

/** The small files, each checked by itself and those that must agree by one another. */
interface Configs {
  readonly unet: UnetConfig;
  readonly vae: VaeConfig;
  readonly text: TextEncoderConfig;
  readonly scheduler: PackageScheduler;
  readonly tokenizer: TokenizerFiles;
}

async function readConfigs(source: ModelSource): Promise<Configs> {
  checkPipeline(parse(INDEX_FILE, modelIndexSchema, await readJson(source, INDEX_FILE)));
  const scheduler = parse(SCHEDULER_FILE, schedulerSchema, await readJson(source, SCHEDULER_FILE));
  const optional = async <Schema extends v.GenericSchema>(path: string, schema: Schema) =>
    parse(path, schema, (await source.stat(path)) ? await readJson(source, path) : {});
  const unet = await optional('unet/config.json', unetSchema);
  const vae = await optional('vae_decoder/config.json', vaeSchema);
  const text = await optional('text_encoder/config.json', textEncoderSchema);
  checkUnet(unet, vae, text);
  const { pace, spec } = readScheduler(scheduler);
  return { unet, vae, text, scheduler: { config: scheduler, pace, spec }, tokenizer: await readTokenizer(source) };
}

/** Pixels of a picture whose latent nothing says the size of: Stable Diffusion 1's. */
const USUAL_LATENT = 64;

/** A manifest knows best, then the UNet's configuration, then the UNet itself where it was exported for one size. */
function sizesOf(
  { unet, vae }: Pick<Configs, 'unet' | 'vae'>,
  wanted: ModelFacts['image'] | undefined,
  header: OnnxHeader,
): Pick<ModelFacts, 'image' | 'latent'> {
  const grain = 2 ** (vae.block_out_channels.length - 1);
  const said = typeof unet.sample_size === 'number' ? [unet.sample_size, unet.sample_size] : unet.sample_size;
  const [, , ...exported] = fixedDims(header.inputs, 'sample');
  const [height, width] = [0, 1].map((axis) => said?.[axis] ?? exported[axis] ?? USUAL_LATENT) as [number, number];
  const image = wanted ?? { width: width * grain, height: height * grain };
  const latent = { channels: unet.in_channels, height: image.height / grain, width: image.width / grain };
  if (Number.isInteger(latent.height) && Number.isInteger(latent.width)) return { image, latent };
  throw new EngineError('model-damaged', `manifest.json: the picture’s sides must be multiples of ${grain}.`);
}

/** 8.5 is what latent consistency models are asked with (Luo et al. 2023, figure 1). */
const paces: Readonly<Record<Scheduler['pace'], Pick<ModelFacts['defaults'], 'steps' | 'guidanceScale'>>> = {
  'many steps': { steps: 25, guidanceScale: 7.5 },
  'few steps': { steps: 4, guidanceScale: 1 },
  consistency: { steps: 4, guidanceScale: 8.5 },
};

function factsOf(
  { title, manifest }: Pick<StableDiffusionOptions, 'title' | 'manifest'>,
  { scheduler: { spec, pace } }: Pick<Configs, 'scheduler'>,
  sizes: Pick<ModelFacts, 'image' | 'latent'>,
): ModelFacts {
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return {
    kind: 'stable-diffusion',
    name: manifest?.name ?? (slug.slice(-64).replace(/^-/, '') || 'stable-diffusion'),
    title: manifest?.title ?? title,
    vocabulary: manifest?.vocabulary ?? openVocabulary,
    kinds: manifest?.kinds ?? kinds,
    styles: [],
    limits: manifest?.limits ?? { objects: 30, relations: 60 },
    ...sizes,
    defaults: { ...(manifest?.defaults ?? { sampler: spec.name, ...paces[pace] }), style: 'any' },
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
  const optional = async (name: string) =>
    parse(`${folder}/${name}`, tokenizerConfigSchema, (await has(name)) ? await read(name) : {});
  const config = tokenizerConfig(await optional(configFile), await optional('special_tokens_map.json'));
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
    return parsePythonJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
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

const withoutEncoder = (title: string): EngineError =>
  new EngineError(
    'model-unsupported',
    `“${title}” has no vae_encoder/model.onnx, which turns a picture into a latent, so it cannot paint over one. Take an export that has it.`,
  );

const missing = (path: string): EngineError =>
  new EngineError(
    'model-not-found',
    `The package has no ${path}. A Stable Diffusion model must be exported to ONNX first (optimum-cli export onnx --model NAME FOLDER).`,
  );
