/** Stable Diffusion packages on real ONNX Runtime sessions: miniatures with the names, types and files of the public exports. */
import { describe, expect, it, vi } from 'vitest';
import { loadAnyPackage, needsOfPackage, notesOf } from '#engine/any-package.ts';
import { faultOf } from '#engine/contract/fault-of.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import type { GenerationResult } from '#engine/contract/protocol.ts';
import { Engine } from '#engine/engine.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { readOnnxHeader } from '#engine/runtime/onnx-header.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import type { ModelFile } from '#engine/runtime/sessions.ts';
import { StableDiffusionNetworks } from '#engine/stable-diffusion/networks.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { type ModelMessage, ModelProto } from '#onnx/file/proto.ts';
import { type TinyPackageOptions, tinyStableDiffusion, writeTinyStableDiffusion } from './stable-diffusion.fixture.ts';

vi.setConfig({ testTimeout: 60_000 });

const graph = graphOf(['sheep', 'tree', 'tree'], [[0, 'left of', 1]]);
const settings: GenerationSettings = { seed: 7, steps: 3, guidanceScale: 5, sampler: 'euler', style: 'any' };

async function open(options: TinyPackageOptions = {}): Promise<Engine> {
  const source = folderSource(writeTinyStableDiffusion(options));
  return Engine.open(await loadAnyPackage(source, { title: 'Tiny/SD' }), nodeRuntime);
}

async function paint(
  options: TinyPackageOptions,
  change: Partial<GenerationSettings> = {},
  of: SceneGraph = graph,
): Promise<GenerationResult> {
  const engine = await open(options);
  try {
    return await engine.generate(of, { ...settings, ...change });
  } finally {
    await engine.release();
  }
}

/** Of the loudest kind: decibels between two pictures. */
function psnr(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  const error = a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length;
  return 10 * Math.log10(255 ** 2 / error);
}

describe('a Stable Diffusion package', () => {
  it('paints without an adapter: no maps, no verdicts, and it says why', async () => {
    const engine = await open();
    const { picture, attention, verification } = await engine.generate(graph, settings);
    expect([picture.width, picture.height]).toEqual([64, 64]);
    expect(new Set(picture.pixels).size).toBeGreaterThan(20);
    expect([attention.objects, attention.relations]).toEqual([{}, {}]);
    expect(verification).toEqual({ objects: {}, relations: {} });
    expect(notesOf(engine.manifest).join()).toMatch(/no graph adapter.*no attention maps.*no verdicts/s);
    expect(engine.manifest).toMatchObject({ kind: 'stable-diffusion', name: 'tiny-sd', title: 'Tiny/SD' });
    expect(engine.manifest.latent).toEqual({ channels: 4, height: 8, width: 8 });
    await engine.release();
  });

  it('deletes a download that cannot be read, and none for which there is no memory', async () => {
    const forget = vi.fn(async () => undefined);
    const found = await loadAnyPackage(folderSource(writeTinyStableDiffusion({ external: 'w.bin' })), {
      title: 'Tiny',
    });
    if (found.kind !== 'stable-diffusion') throw new Error('a folder in that layout');
    const kept = (model: ModelFile): ModelFile => ({
      ...model,
      external: model.external.map(({ location, file }) => ({ location, file: { ...file, forget } })),
    });
    const open = (said: string) =>
      StableDiffusionNetworks.open(
        { backend: 'wasm', open: () => Promise.reject(new Error(said)) },
        { ...found.models, textEncoder: kept(found.models.unet) },
        found.scale,
      );
    await expect(open('RuntimeError: memory access out of bounds')).rejects.toThrow('memory access');
    expect(forget).not.toHaveBeenCalled();
    await expect(open('Deserialize tensor /a failed. Out of bounds.')).rejects.toThrow(/w\.bin is damaged.*deleted/);
    expect(forget).toHaveBeenCalledTimes(1);
  });

  it('reads the words, and nothing else, of the graph', async () => {
    const engine = await open();
    const pixelsOf = async (of: SceneGraph) => (await engine.generate(of, settings)).picture.pixels;
    const base = await pixelsOf(graph);
    const redrawn = {
      ...graph,
      objects: graph.objects.map((o) => ({ ...o, id: `x${o.id}`, position: { x: 3, y: 4 } })).reverse(),
      relations: graph.relations.map((r) => ({ ...r, subject: `x${r.subject}`, object: `x${r.object}` })),
    };
    expect(await pixelsOf(redrawn)).toEqual(base);
    expect(await pixelsOf(graphOf(['sheep', 'tree', 'tree'], [[0, 'right of', 1]]))).not.toEqual(base);
    expect(await pixelsOf(graphOf(['sheep', 'tree'], [[0, 'left of', 1]]))).not.toEqual(base);
    expect(await pixelsOf(graphOf(['a word that nobody ever saw'], []))).not.toEqual(base);
    await engine.release();
  });

  it.each([
    ['64-bit ids', { ids: 'int64' }],
    ['a 64-bit timestep', { timestep: 'int64' }],
    ['weights beside the UNet', { external: 'model.onnx_data' }],
    ['weights beside the UNet as diffusers names them', { external: 'weights.pb' }],
    ['tokenizer.json', { tokenizerJson: true }],
    ['weights under any name', { external: 'poids (1)é.bin' }],
    ['a batch that is fixed to one', { fixed: true }],
    ['batches that are all fixed to one', { rows: 1 }],
    ['batches that are all fixed to two', { rows: 2 }],
    ['batches that are all fixed to three', { rows: 3 }],
  ] as const)('paints the same with %s', async (_, options) => {
    const plain = await paint({});
    const other = await paint(options);
    // Whole numbers of steps and another order of sums may cost the last bit.
    expect(psnr(other.picture.pixels, plain.picture.pixels)).toBeGreaterThan('timestep' in options ? 25 : 45);
  });

  it('paints nearly the same in half precision', async () => {
    const half = await paint({ precision: 'float16', ids: 'int64' });
    expect(psnr(half.picture.pixels, (await paint({})).picture.pixels)).toBeGreaterThan(30);
  });

  it('takes widths, padding, steps and prediction from the files', async () => {
    const turbo = await open({ turbo: true, width: 32, precision: 'float16' });
    expect(turbo.manifest.defaults).toMatchObject({ steps: 4, guidanceScale: 1, sampler: 'euler' });
    const first = await turbo.generate(graph, { ...settings, steps: 1, guidanceScale: 1 });
    expect(new Set(first.picture.pixels).size).toBeGreaterThan(20);
    await turbo.release();
    const plain = await open();
    expect(plain.manifest.defaults).toMatchObject({ steps: 25, guidanceScale: 7.5, sampler: 'pndm' });
    const epsilon = (await plain.generate(graph, settings)).picture.pixels;
    await plain.release();
    expect((await paint({ prediction: 'v_prediction' })).picture.pixels).not.toEqual(epsilon);
  });

  it('takes the size of the picture from the UNet where no configuration says it', async () => {
    const engine = await open({ change: { 'unet/config.json': undefined, 'vae_decoder/config.json': undefined } });
    expect(engine.manifest.latent).toEqual({ channels: 4, height: 8, width: 8 });
    expect(engine.manifest.image).toEqual({ width: 64, height: 64 });
    await engine.release();
  });

  it('tells a latent consistency model its guidance, and a scale of 1 or less is none to any other', async () => {
    const pixelsOf = async (options: TinyPackageOptions, guidanceScale: number) =>
      (await paint(options, { guidanceScale, sampler: 'lcm' })).picture.pixels;
    expect(await pixelsOf({ guided: true }, 8)).not.toEqual(await pixelsOf({ guided: true }, 2));
    expect(await pixelsOf({}, 0)).toEqual(await pixelsOf({}, 1));
  });

  it('lets special_tokens_map.json decide the padding, unless the configuration numbers its tokens', async () => {
    const idsOf = async (configuration: object) => {
      const change = { 'tokenizer/tokenizer_config.json': JSON.stringify(configuration) };
      const engine = await open({ turbo: true, change });
      const { account } = await engine.generate({ prompt: 'tree' }, { ...settings, steps: 1 });
      await engine.release();
      return account!.tokenIds[0]!;
    };
    const end = '<|endoftext|>';
    const old = await idsOf({ pad_token: end });
    expect([old.length, old.at(-1)]).toEqual([77, 0]);
    const numbered = await idsOf({ pad_token: end, added_tokens_decoder: { 0: { content: '!' } } });
    expect(numbered.at(-1)).toBe(numbered[2]);
  });

  it('paints words of the user’s own, and says what it was told', async () => {
    const engine = await open();
    const words = { prompt: 'sheep left of tree', negative: 'tree' };
    const { picture, account } = await engine.generate(words, { ...settings, size: { width: 64, height: 64 } });
    expect(account).toMatchObject({ prompts: [words.prompt], negative: words.negative, tokensCut: 0 });
    expect([account!.sigmas.length, account!.timesteps.length]).toEqual([4, 3]);
    const other = await engine.generate({ prompt: words.prompt }, settings);
    expect(other.picture.pixels).not.toEqual(picture.pixels);
    const long = await engine.generate({ prompt: 'tree '.repeat(80) }, settings);
    expect(long.account!.tokensCut).toBe(5);
    const size = { width: 128, height: 64 };
    await expect(engine.generate(words, { ...settings, size })).rejects.toThrow('pictures of 64 × 64 alone');
    await engine.release();
  });

  it('joins prompts where one is not enough, and refuses what a fixed UNet cannot be told', async () => {
    const labels = Array.from({ length: 24 }, (_, i) => `sheep number ${i}`);
    const long = graphOf(labels, []);
    expect((await paint({}, { steps: 1 }, long)).picture.width).toBe(64);
    await expect(paint({ fixed: true }, { steps: 1 }, long)).rejects.toMatchObject({
      code: 'graph-invalid',
      message: expect.stringMatching(/takes \d+ tokens; this model reads at most 75/),
    });
  });

  it('says how large it is before anything is fetched', async () => {
    const folder = writeTinyStableDiffusion({ external: 'model.onnx_data', padding: 100_000 });
    const needs = await needsOfPackage(folderSource(folder), { title: 'Tiny' });
    const { bytes, kept } = needs;
    expect(bytes).toBeGreaterThan(100_000);
    expect(kept).toBe(bytes);
    expect(needs).toMatchObject({ halfPrecision: false, largestFile: { path: 'unet/model.onnx_data' } });
    const half = writeTinyStableDiffusion({
      precision: 'float16',
      external: 'model.onnx_data',
      change: { 'vae_decoder/model.onnx': fused(tinyStableDiffusion()['unet/model.onnx'] as Uint8Array) },
    });
    // Its decoder fits nothing, which is not what is asked here.
    const file = folderSource(half);
    const header = await readOnnxHeader(await file.open('vae_decoder/model.onnx', { maxBytes: 1e6 }), 'decoder');
    expect(header.foreignOperators).toEqual(['com.microsoft.NhwcConv']);
    const unet = await readOnnxHeader(await file.open('unet/model.onnx', { maxBytes: 1e6 }), 'unet');
    // A convolution of 3 × 3 from 8 channels to 8, beside the .onnx file.
    expect([unet.halfPrecision, unet.largestWeight]).toEqual([true, 2 * 8 * 8 * 9]);
  });

  it('takes words, size and hashes from a manifest beside it', async () => {
    const manifest = {
      format: 'sgraffito/model',
      version: 1,
      kind: 'stable-diffusion',
      name: 'mine',
      title: 'Mine',
      vocabulary: { objects: ['yak'], predicates: ['facing'], attributes: [] },
      defaults: { steps: 2, guidanceScale: 3, sampler: 'heun' },
    };
    const engine = await open({ change: { 'manifest.json': JSON.stringify(manifest) } });
    expect(engine.manifest).toMatchObject({ name: 'mine', vocabulary: { objects: ['yak'] }, defaults: { steps: 2 } });
    await engine.release();
  });
});

/** As ONNX Runtime's optimiser for GPUs leaves a graph: convolutions over the last axis. */
function fused(model: Uint8Array): Uint8Array {
  const message = ModelProto.toObject(ModelProto.decode(model), { longs: String, defaults: false }) as ModelMessage;
  // The second one has as many channels as its picture has rows, so that every shape still fits.
  const node = message.graph!.node!.filter(({ opType }) => opType === 'Conv')[1]!;
  Object.assign(node, { opType: 'NhwcConv', domain: 'com.microsoft' });
  message.opsetImport!.push({ domain: 'com.microsoft', version: 1 });
  return ModelProto.encode(message).finish();
}

describe('what can be wrong with it', () => {
  const scheduler = JSON.parse(String(tinyStableDiffusion()['scheduler/scheduler_config.json']));
  const index = JSON.parse(String(tinyStableDiffusion()['model_index.json']));
  const cases: readonly (readonly [string, TinyPackageOptions, string, RegExp])[] = [
    [
      'no UNet',
      { change: { 'unet/model.onnx': undefined } },
      'model-not-found',
      /no unet\/model\.onnx.*optimum-cli export onnx/,
    ],
    [
      'no scheduler',
      { change: { 'scheduler/scheduler_config.json': undefined } },
      'model-not-found',
      /scheduler_config\.json/,
    ],
    ['no merges', { change: { 'tokenizer/merges.txt': undefined } }, 'model-not-found', /tokenizer\/merges\.txt/],
    ['no weights', { external: 'w.data', change: { 'unet/w.data': undefined } }, 'model-not-found', /unet\/w\.data/],
    ['nothing at all', { change: { 'model_index.json': undefined } }, 'model-not-found', /manifest\.json/],
    [
      'half a text',
      { change: { 'model_index.json': '{' } },
      'model-damaged',
      /model_index\.json is damaged: it is not JSON/,
    ],
    ['no model', { change: { 'unet/model.onnx': 'hello' } }, 'model-damaged', /unet\/model\.onnx is damaged/],
    [
      'a scheduler nobody knows',
      { change: { 'scheduler/scheduler_config.json': JSON.stringify({ ...scheduler, _class_name: 'WildScheduler' }) } },
      'model-unsupported',
      /“WildScheduler” is not known; known are PNDMScheduler, DDIMScheduler/,
    ],
    [
      'betas nobody knows',
      { change: { 'scheduler/scheduler_config.json': JSON.stringify({ ...scheduler, beta_schedule: 'sawtooth' }) } },
      'model-unsupported',
      /“sawtooth”/,
    ],
    [
      'another pipeline',
      { change: { 'model_index.json': JSON.stringify({ ...index, _class_name: 'StableDiffusionXLPipeline' }) } },
      'model-unsupported',
      /“StableDiffusionXLPipeline” is Stable Diffusion XL, which reads two text encoders/,
    ],
    [
      'parts of two models',
      { width: 32, textWidth: 16 },
      'model-damaged',
      /text_encoder\/config\.json gives 16 numbers a token, unet\/config\.json reads 32/,
    ],
    [
      'files of two exports',
      { width: 32, textWidth: 16, change: { 'text_encoder/config.json': undefined } },
      'model-damaged',
      /text_encoder\/model\.onnx gives 16 numbers a token, unet\/model\.onnx reads 32/,
    ],
    [
      'sizes that contradict each other',
      { rows: 1, decoderSide: 64 },
      'model-damaged',
      /unet\/model\.onnx takes latents of \(4, 8, 8\), vae_decoder\/model\.onnx of \(4, 64, 64\)/,
    ],
    [
      'a graph that was fused for another device',
      { change: { 'unet/model.onnx': fused(tinyStableDiffusion()['unet/model.onnx'] as Uint8Array) } },
      'model-unsupported',
      /unet\/model\.onnx was fused for another device: it has com\.microsoft\.NhwcConv, which node-cpu cannot run/,
    ],
    [
      'a model of another family',
      { change: { 'model_index.json': JSON.stringify({ ...index, _class_name: 'FluxPipeline' }) } },
      'model-unsupported',
      /“FluxPipeline” is Flux/,
    ],
    [
      'settings that change the numbers',
      { change: { 'scheduler/scheduler_config.json': JSON.stringify({ ...scheduler, use_beta_sigmas: true }) } },
      'model-unsupported',
      /scheduler_config\.json: use_beta_sigmas is not supported/,
    ],
    [
      'an inpainting UNet',
      { change: { 'unet/config.json': JSON.stringify({ in_channels: 9 }) } },
      'model-unsupported',
      /reads 9 channels, the latent of vae_decoder\/config\.json has 4/,
    ],
    [
      'another size',
      { change: { 'unet/config.json': JSON.stringify({ in_channels: 4, sample_size: 16 }) } },
      'model-damaged',
      /takes latents of \(4, 8, 8\), unet\/config\.json says \(4, 16, 16\)/,
    ],
    [
      'networks in the wrong places',
      { change: { 'unet/model.onnx': tinyStableDiffusion()['vae_decoder/model.onnx'] } },
      'model-unsupported',
      /turns latent_sample into sample; sample, timestep, encoder_hidden_states into out_sample is needed/,
    ],
    [
      'numbers beyond half precision',
      { precision: 'float16', overflow: true },
      'non-finite',
      /not finite.*full precision/,
    ],
  ];

  it.each(cases)('%s', async (_, options, code, message) => {
    const fault = await paint(options).then(
      () => undefined,
      (error: unknown) => faultOf(error),
    );
    expect(fault).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(fault!.message).not.toContain('\n');
  });
});
