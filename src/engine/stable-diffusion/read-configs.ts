/** The small files of a folder in diffusers' ONNX layout: what each network, the tokenizer and the scheduler are. */
import * as v from 'valibot';
import { EngineError } from '#engine/contract/engine-error.ts';
import { parsePythonJson } from '#engine/formats/python-json.ts';
import type { ModelSource } from '#engine/package/package-loader.ts';
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
import { ADAPTER_CONFIG, INDEX_FILE } from './layout.ts';
import {
  readScheduler,
  SCHEDULER_FILE,
  type Scheduler,
  type SchedulerConfig,
  schedulerSchema,
} from './scheduler-config.ts';

const MAX_CONFIG_BYTES = 1_000_000;
const MAX_TOKENIZER_BYTES = 20_000_000;

/** What the package's scheduler does, and its file, which another sampler reads in its own way. */
export interface PackageScheduler extends Scheduler {
  readonly config: SchedulerConfig;
}

/** The small files, each checked by itself and those that must agree by one another. */
export interface Configs {
  readonly unet: UnetConfig;
  readonly vae: VaeConfig;
  readonly text: TextEncoderConfig;
  readonly scheduler: PackageScheduler;
  readonly tokenizer: TokenizerFiles;
}

/** @throws EngineError model-not-found, model-damaged or model-unsupported, naming the file */
export async function readConfigs(source: ModelSource): Promise<Configs> {
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

/** Of the package's graph adapter. */
export async function readFusion(source: ModelSource): Promise<Fusion> {
  const config = (await source.stat(ADAPTER_CONFIG)) ? await readJson(source, ADAPTER_CONFIG) : {};
  return parse(ADAPTER_CONFIG, adapterSchema, config).fusion;
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

export const missing = (path: string): EngineError =>
  new EngineError(
    'model-not-found',
    `The package has no ${path}. A Stable Diffusion model must be exported to ONNX first (optimum-cli export onnx --model NAME FOLDER).`,
  );
