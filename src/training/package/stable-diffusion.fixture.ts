/**
 * A Stable Diffusion package in diffusers' ONNX layout, tiny and untrained, but with the names, types, widths and files of the real
 * ones: what the loader cannot tell from them it cannot tell from the originals.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeOnnx } from '#onnx/file/onnx-file.ts';
import { type ModelMessage, ModelProto } from '#onnx/file/proto.ts';
import type { DataType, Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { silu, tanh } from '#onnx/ops/activation.ts';
import { add } from '#onnx/ops/arithmetic.ts';
import { conv2d } from '#onnx/ops/convolution.ts';
import { gather } from '#onnx/ops/indexing.ts';
import { cast } from '#onnx/ops/layout.ts';
import { adapterModel } from '#training/adapter/adapter-export.ts';
import { graphAdapter, graphAdapterInputs } from '#training/networks/graph-adapter.ts';
import { attention, conv, linear, norm, normal, residualBlock, toImage, toTokens } from '#training/networks/layers.ts';
import { initializeParameters } from '#training/trainer/training-step.ts';

export interface TinyPackageOptions {
  /** Of inputs, outputs and weights. */
  readonly precision?: 'float32' | 'float16';
  /** Of input_ids: diffusers exports int32, optimum int64. */
  readonly ids?: 'int32' | 'int64';
  readonly timestep?: DataType;
  /** D: 768 in Stable Diffusion 1, 1024 in SD-Turbo. */
  readonly width?: number;
  /** The text encoder's, where it is to differ. */
  readonly textWidth?: number;
  /** Name of the file that holds the UNet's weights; inside the .onnx file when left out. */
  readonly external?: string;
  /** Bytes of nothing at the end of that file, to make it worth downloading. */
  readonly padding?: number;
  /** SD-Turbo: few steps, pads with "!" (number 0). */
  readonly turbo?: boolean;
  readonly prediction?: 'epsilon' | 'v_prediction';
  /** tokenizer.json in place of vocab.json and merges.txt. */
  readonly tokenizerJson?: boolean;
  /** Fixed batch of 1 and one prompt, as some exports have it. */
  readonly fixed?: boolean;
  /** Weights so large that half precision overflows. */
  readonly overflow?: boolean;
  /** Written over what would be there; undefined leaves a file out. */
  readonly change?: Readonly<Record<string, string | Uint8Array | undefined>>;
}

export const PROMPT_LENGTH = 77;
const LATENT = 8;
const CHANNELS = 8;

/** Writes the package into a new folder and returns its path. */
export function writeTinyStableDiffusion(options: TinyPackageOptions = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-sd-'));
  for (const [path, content] of Object.entries({ ...tinyStableDiffusion(options), ...options.change })) {
    if (content === undefined) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** The files of the package by their paths. */
export function tinyStableDiffusion(options: TinyPackageOptions = {}): Record<string, string | Uint8Array> {
  const { width = 16, textWidth = width, turbo = false, prediction = 'epsilon', tokenizerJson = false } = options;
  const { external, padding = 0 } = options;
  const unet = unetModel(options);
  const moved = external === undefined ? { model: unet } : moveWeightsOut(unet, external, padding);
  const json = (value: unknown) => JSON.stringify(value, null, 2);
  const { vocabulary, merges } = tinyVocabulary();
  const pad = turbo ? '!' : '<|endoftext|>';
  return {
    'model_index.json': json({
      _class_name: 'OnnxStableDiffusionPipeline',
      _diffusers_version: '0.21.1',
      scheduler: ['diffusers', turbo ? 'EulerDiscreteScheduler' : 'PNDMScheduler'],
      text_encoder: ['diffusers', 'OnnxRuntimeModel'],
      tokenizer: ['transformers', 'CLIPTokenizer'],
      unet: ['diffusers', 'OnnxRuntimeModel'],
      vae_decoder: ['diffusers', 'OnnxRuntimeModel'],
      vae_encoder: ['diffusers', 'OnnxRuntimeModel'],
      safety_checker: [null, null],
    }),
    'scheduler/scheduler_config.json': json({
      _class_name: turbo ? 'EulerDiscreteScheduler' : 'PNDMScheduler',
      beta_start: 0.00085,
      beta_end: 0.012,
      beta_schedule: 'scaled_linear',
      num_train_timesteps: 1000,
      prediction_type: prediction,
      steps_offset: 1,
      trained_betas: null,
      ...(turbo ? { timestep_spacing: 'trailing', use_karras_sigmas: false } : { skip_prk_steps: true }),
    }),
    ...(tokenizerJson
      ? { 'tokenizer/tokenizer.json': json(tokenizerDefinition(vocabulary, merges)) }
      : {
          'tokenizer/vocab.json': json(vocabulary),
          'tokenizer/merges.txt': ['#version: 0.2', ...merges, ''].join('\n'),
        }),
    'tokenizer/tokenizer_config.json': json({ model_max_length: PROMPT_LENGTH, tokenizer_class: 'CLIPTokenizer' }),
    'tokenizer/special_tokens_map.json': json({
      bos_token: { content: '<|startoftext|>', lstrip: false, normalized: true, rstrip: false, single_word: false },
      eos_token: { content: '<|endoftext|>', lstrip: false, normalized: true, rstrip: false, single_word: false },
      pad_token: pad,
      unk_token: '<|endoftext|>',
    }),
    'text_encoder/config.json': json({ max_position_embeddings: PROMPT_LENGTH, hidden_size: textWidth }),
    'text_encoder/model.onnx': textEncoderModel(options, Object.keys(vocabulary).length),
    'unet/config.json': json({ in_channels: 4, out_channels: 4, sample_size: LATENT, cross_attention_dim: width }),
    'unet/model.onnx': moved.model,
    ...('data' in moved && external !== undefined ? { [`unet/${external}`]: moved.data } : {}),
    'vae_decoder/config.json': json({ latent_channels: 4, block_out_channels: [4, 4, 4, 4], scaling_factor: 0.18215 }),
    'vae_decoder/model.onnx': vaeDecoderModel(options),
    'vae_encoder/model.onnx': vaeEncoderModel(options),
  };
}

/** `graph_adapter/model.onnx` for such a package, untrained, but with its gates open. */
export function tinyGraphAdapter(width = 16): Uint8Array {
  const g = new GraphBuilder();
  const sizes = { batch: 1, tokens: PROMPT_LENGTH, width, objects: 1, relations: 1 };
  const config = { width: 16, layers: 1 };
  graphAdapter(g, config, graphAdapterInputs(g, sizes));
  const parameters = initializeParameters(g, 5);
  for (const [name, data] of parameters) if (name.endsWith('.gate')) data.fill(1);
  return adapterModel(config, sizes, parameters);
}

/** Every byte alone and at the end of a word, then the merges of a few words, as CLIP's vocabulary is built. */
export function tinyVocabulary(): { readonly vocabulary: Record<string, number>; readonly merges: string[] } {
  // GPT-2's names for bytes: printable ones stand for themselves.
  const letters = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
  const merges = ['t r', 'e e</w>', 'tr ee</w>', 's h', 'sh ee', 'shee p</w>', 'l e', 'le f', 'lef t</w>', 'o f</w>'];
  const joined = merges.map((pair) => pair.replace(' ', ''));
  const tokens = [...letters, ...letters.map((letter) => `${letter}</w>`), 'ee', 'f</w>', ...joined];
  const unique = [...new Set([...tokens, '<|startoftext|>', '<|endoftext|>'])];
  return { vocabulary: Object.fromEntries(unique.map((token, id) => [token, id])), merges: ['e e', ...merges] };
}

function tokenizerDefinition(vocabulary: Record<string, number>, merges: readonly string[]): object {
  const special = { special: true, single_word: false, lstrip: false, rstrip: false, normalized: true };
  const pattern = {
    Regex: "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
  };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: ['<|startoftext|>', '<|endoftext|>'].map((content) => ({
      id: vocabulary[content],
      content,
      ...special,
    })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: null,
    decoder: null,
    model: { type: 'BPE', unk_token: '<|endoftext|>', end_of_word_suffix: '</w>', vocab: vocabulary, merges },
  };
}

/** input_ids (B, N) → last_hidden_state (B, N, D) and pooler_output (B, D), as CLIP's text tower is exported. */
function textEncoderModel(options: TinyPackageOptions, words: number): Uint8Array {
  const { ids = 'int32', width = 16, textWidth = width } = options;
  const g = new GraphBuilder();
  const input = g.input('input_ids', [1, PROMPT_LENGTH], ids);
  const table = g.parameter('token_embedding', [words, textWidth], normal(1));
  const places = g.parameter('position_embedding', [PROMPT_LENGTH, textWidth], normal(0.3));
  const hidden = norm(g, 'final', add(g, gather(g, table, cast(g, input, 'int64'), 0), places));
  const mixed = add(g, hidden, attention(g, 'attention', hidden, hidden, 2, { gain: 0.5 }).output);
  output(g, options, 'last_hidden_state', mixed);
  output(g, options, 'pooler_output', g.one('ReduceMean', [mixed, g.integers([1])], { keepdims: 0 }));
  return write(g, options, { input_ids: ['batch', 'sequence'] }, ['last_hidden_state', 'pooler_output']);
}

/** sample (B, 4, h, w), timestep (1), encoder_hidden_states (B, N, D) → out_sample (B, 4, h, w). */
function unetModel(options: TinyPackageOptions): Uint8Array {
  const { width = 16, timestep = precisionOf(options), fixed = false, overflow = false } = options;
  const g = new GraphBuilder();
  const sample = floats(g, g.input('sample', [1, 4, LATENT, LATENT], precisionOf(options)));
  const step = cast(g, g.input('timestep', [1], timestep), 'float32');
  const text = floats(g, g.input('encoder_hidden_states', [1, PROMPT_LENGTH, width], precisionOf(options)));
  const time = linear(g, 'time', g.one('Unsqueeze', [g.one('Div', [step, g.scalar(1000)]), g.integers([1])]), CHANNELS);
  const moved = add(g, conv(g, 'conv_in', sample, CHANNELS), g.one('Unsqueeze', [silu(g, time), g.integers([2, 3])]));
  const down = residualBlock(g, 'down', moved);
  const read = attention(g, 'attn2', toTokens(g, down), text, 2).output;
  const up = residualBlock(g, 'up', add(g, down, toImage(g, read, LATENT, LATENT)));
  output(g, options, 'out_sample', conv(g, 'conv_out', up, 4, 3, overflow ? 8e4 : 0.5));
  const sizes = {
    sample: ['batch', '', 'height', 'width'],
    timestep: ['steps'],
    encoder_hidden_states: ['batch', 'sequence'],
  };
  return write(g, options, fixed ? {} : { ...sizes, sample: ['batch'] }, ['out_sample'], fixed);
}

/** latent_sample (B, 4, h, w) → sample (B, 3, 8h, 8w). */
function vaeDecoderModel(options: TinyPackageOptions): Uint8Array {
  const g = new GraphBuilder();
  const latent = floats(g, g.input('latent_sample', [1, 4, LATENT, LATENT], precisionOf(options)));
  const pixels = g.one('ConvTranspose', [latent, g.parameter('up', [4, 3, 8, 8], normal(0.05))], { strides: [8, 8] });
  output(g, options, 'sample', tanh(g, pixels));
  return write(g, options, { latent_sample: ['batch'] }, ['sample']);
}

/** sample (B, 3, 8h, 8w) → latent_sample (B, 4, h, w). */
function vaeEncoderModel(options: TinyPackageOptions): Uint8Array {
  const g = new GraphBuilder();
  const pixels = floats(g, g.input('sample', [1, 3, 8 * LATENT, 8 * LATENT], precisionOf(options)));
  output(g, options, 'latent_sample', conv2d(g, pixels, g.parameter('down', [4, 3, 8, 8], normal(0.5)), { stride: 8 }));
  return write(g, options, { sample: ['batch'] }, ['latent_sample']);
}

const precisionOf = ({ precision = 'float32' }: TinyPackageOptions): DataType => precision;
const floats = (g: GraphBuilder, x: Value): Value => (x.type === 'float32' ? x : cast(g, x, 'float32'));

function output(g: GraphBuilder, options: TinyPackageOptions, name: string, value: Value): void {
  g.output(name, precisionOf(options) === 'float16' ? cast(g, value, 'float16') : value);
}

function write(
  g: GraphBuilder,
  { precision }: TinyPackageOptions,
  varying: Readonly<Record<string, readonly string[]>>,
  outputs: readonly string[],
  fixed = false,
): Uint8Array {
  const dynamic = Object.entries(varying).map(([name, axes]) => [
    name,
    Object.fromEntries(axes.flatMap((axis, i) => (axis === '' ? [] : [[i, axis]]))),
  ]);
  const batched = fixed ? [] : outputs.map((name) => [name, { 0: 'batch' }]);
  return writeOnnx(g, {
    parameters: initializeParameters(g, 3),
    half: precision === 'float16',
    dynamic: Object.fromEntries([...dynamic, ...batched]),
  });
}

/** What exporters do with models beyond two gigabytes: every tensor's bytes go to one file beside the model. */
export function moveWeightsOut(
  model: Uint8Array,
  location: string,
  padding = 0,
): { model: Uint8Array; data: Uint8Array } {
  const message = ModelProto.toObject(ModelProto.decode(model), { longs: String, defaults: false }) as ModelMessage;
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const tensor of message.graph?.initializer ?? []) {
    const bytes = tensor.rawData;
    if (!bytes || bytes.length < 64) continue;
    delete tensor.rawData;
    tensor.dataLocation = 1;
    tensor.externalData = [
      { key: 'location', value: location },
      { key: 'offset', value: String(offset) },
      { key: 'length', value: String(bytes.length) },
    ];
    parts.push(bytes);
    offset += bytes.length;
  }
  return { model: ModelProto.encode(message).finish(), data: Buffer.concat([...parts, Buffer.alloc(padding)]) };
}
