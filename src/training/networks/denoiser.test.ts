/** The denoiser on scenes of the corpus, before any training: what Bayes' rule says of drawings must hold without it. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { createParametrisation } from '#diffusion/sampling/parametrisation.ts';
import { seededRandom } from '#graph/random.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { composeScene } from '#training/corpus/compose/compose.ts';
import { renderScene } from '#training/corpus/render/render.ts';
import { cellFeatures, drawingCount, GRID, LAYERS, shownIn } from '#training/corpus/sample/cell-features.ts';
import { grounds } from '#training/corpus/world/setting.ts';
import { ForwardPass, initializeParameters } from '#training/trainer/training-step.ts';
import { encodeCells, FEATURES, LATENT_CHANNELS, LATENT_SIDE, PATCH } from './autoencoder.ts';
import { drawingLoss, settingLoss } from './bayes.ts';
import { spreadCodes } from './codes.ts';
import { denoiser, denoiserInputs } from './denoiser.ts';

// Drawings are rasterised once.
vi.setConfig({ testTimeout: 60_000 });

const NUMBERS = LATENT_CHANNELS * LATENT_SIDE ** 2;
const WIDTH = 16;
const even = (value: number) => new Array<number>(LATENT_CHANNELS).fill(value);
const edm = createParametrisation('edm', 1);
// Latents that are no longer as the codes are: moved, and half as large.
const [MEAN, SCALE] = [0.3, 2];
let network: ForwardPass;
let weights: Map<string, Float32Array>;

beforeAll(async () => {
  const g = new GraphBuilder();
  const shape = {
    latentChannels: LATENT_CHANNELS,
    height: LATENT_SIDE,
    width: LATENT_SIDE,
    tokenWidth: WIDTH,
    channels: WIDTH,
    blocks: 2,
    heads: 2,
    convolutions: 0,
    deviations: even(1),
    mean: even(MEAN),
    scale: SCALE,
  };
  const { prediction, drawings, setting } = denoiser(g, shape, denoiserInputs(g, shape, 1, 3));
  g.output('prediction', prediction);
  const latent = g.input('latent', [1, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE]);
  const weight = g.filled([1, 1, LATENT_SIDE, LATENT_SIDE], 1);
  g.output('loss', drawingLoss(g, shape, latent, drawings, weight));
  g.output('chance', drawingLoss(g, shape, latent, g.filled(drawings.shape, -Math.log(drawingCount)), weight));
  g.output('setting', setting);
  g.output('settingLoss', settingLoss(g, shape, latent, setting));
  network = await ForwardPass.create(g, 'cpu');
  weights = initializeParameters(g, 1);
});
afterAll(() => network.release());

interface Asked {
  /** (3, WIDTH), (3) */
  readonly tokens: Float32Array;
  readonly mask: readonly number[];
}

const nothing: Asked = { tokens: new Float32Array(3 * WIDTH), mask: [1, 1, 1] };

async function run(x0: Float32Array, sigma: number, { tokens, mask } = nothing, parameters = weights) {
  const noise = seededNoise(3).normals(NUMBERS);
  const sample = edm.trainingInput(x0, noise, sigma);
  const { skip, out, in: into, timestep } = edm.coefficients(sigma);
  const feeds = {
    sample,
    latent: x0,
    timestep: Float32Array.of(timestep),
    s_cond: tokens,
    mask: Float32Array.from(mask),
  };
  const outputs = (await network.run(feeds, parameters)) as Record<string, Float32Array>;
  const { prediction, loss, chance, settingLoss, setting } = outputs;
  const denoised = prediction!.map((f, i) => skip * (sample[i]! / into) + out * f);
  return {
    denoised,
    loss: loss![0]!,
    chance: chance![0]!,
    setting: settingLoss![0]!,
    logs: setting!,
  };
}

const codes = spreadCodes(drawingCount, FEATURES.drawing);
const BEHIND = FEATURES.drawing + FEATURES.numbers;
const places = { drawing: 0, behind: BEHIND, ground: LAYERS * BEHIND + FEATURES.below } as const;

/** The codes of all cells as they are, (cells, width), from a standardised latent of 2 × 2 cells per token. */
function codesIn(latent: Float32Array, what: keyof typeof places = 'drawing'): number[][] {
  const features = LATENT_CHANNELS / PATCH ** 2;
  return Array.from({ length: GRID * GRID }, (_, cell) => {
    const [x, y] = [cell % GRID, Math.floor(cell / GRID)];
    const block = (y % PATCH) * PATCH + (x % PATCH);
    const token = Math.floor(y / PATCH) * LATENT_SIDE + Math.floor(x / PATCH);
    return Array.from({ length: FEATURES[what === 'ground' ? what : 'drawing'] }, (_, i) => {
      const channel = block * features + places[what] + i;
      return SCALE * latent[channel * LATENT_SIDE ** 2 + token]! + MEAN;
    });
  });
}

function latentOf(seed: number) {
  const scene = composeScene(seededRandom(seed), { things: { min: 2, max: 4 } });
  const rendered = renderScene(scene, { size: 64, grid: GRID });
  const features = cellFeatures(scene, shownIn(rendered));
  return { x0: encodeCells(features).map((value) => (value - MEAN) / SCALE), drawings: features.drawings };
}

test('below the noise that divides codes every cell has exactly its own, above it none', async () => {
  for (let seed = 0; seed < 4; seed++) {
    const { x0, drawings } = latentOf(seed);
    const distances = async (sigma: number) => {
      const { denoised } = await run(x0, sigma);
      return [...codesIn(denoised), ...codesIn(denoised, 'behind')].map((code, at) =>
        Math.hypot(...code.map((value, i) => value - codes[drawings[at]! * FEATURES.drawing + i]!)),
      );
    };
    // Noise in units of codes is twice as large.
    expect(Math.max(...(await distances(0.05)))).toBeLessThan(0.01);
    expect(Math.max(...(await distances(0.15)))).toBeLessThan(0.1);
    const lost = await distances(40);
    expect(Math.min(...lost)).toBeGreaterThan(1);
  }
});

test('the cross-entropy of drawings is nothing where they are clear, and ln 137 a layer where all are as likely', async () => {
  const { x0 } = latentOf(5);
  const clear = await run(x0, 0.05);
  expect(clear.loss).toBeGreaterThanOrEqual(0);
  expect(clear.loss).toBeLessThan(1e-3);
  expect(clear.chance).toBeCloseTo(LAYERS * Math.log(drawingCount), 3);
  expect((await run(x0, 40)).loss).toBeGreaterThan(0.5);
});

test('what all cells say alike is read from all of them: the ground is clear in noise that hides every drawing', async () => {
  const furthest = (cells: readonly number[][], from: readonly number[]) =>
    Math.max(...cells.map((code) => Math.hypot(...code.map((value, i) => value - from[i]!))));
  for (let seed = 0; seed < 4; seed++) {
    const { x0 } = latentOf(seed);
    const own = codesIn(x0, 'ground')[0]!;
    const grounds = async (sigma: number) => codesIn((await run(x0, sigma)).denoised, 'ground');
    const power = Math.hypot(...own);
    // Of 256 cells the mean has a sixteenth of the noise: at 1 that is 0.13, for codes that are 0.8 long.
    expect(furthest(await grounds(1), own) / power).toBeLessThan(0.1);
    const lost = await grounds(40);
    expect(furthest(lost, own) / power).toBeGreaterThan(0.5);
    expect(furthest(lost, lost[0]!)).toBeLessThan(1e-3);
  }
});

test('the cross-entropy of ground, style and hour is nothing where they are clear, and much where they are not', async () => {
  const { x0 } = latentOf(5);
  expect((await run(x0, 0.5)).setting).toBeCloseTo(0, 3);
  // ln 2 is what a coin costs; a ground is one of thirteen.
  expect((await run(x0, 40)).setting).toBeGreaterThan(Math.log(2));
});

test('what tokens say of ground, style and hour adds up', async () => {
  const { x0 } = latentOf(6);
  const noise = seededNoise(8);
  const table = 'denoiser.votes.2.weight';
  const votes = new Map([...weights, [table, noise.normals(weights.get(table)!.length)]]);
  const tokens = noise.normals(3 * WIDTH);
  // Log-probabilities of grounds, from which of them nobody is asked, up to what they have in common.
  const said = async (...mask: readonly number[]) => {
    const { logs } = await run(x0, 40, { tokens, mask }, votes);
    return Array.from(logs.subarray(0, grounds.length), (value) => value - logs[0]!);
  };
  const [none, first, second, both] = [
    await said(0, 0, 0),
    await said(1, 0, 0),
    await said(0, 1, 0),
    await said(1, 1, 0),
  ];
  expect(Math.max(...first.map((value, i) => Math.abs(value - none[i]!)))).toBeGreaterThan(0.1);
  both.forEach((value, i) => {
    expect(value - none[i]!).toBeCloseTo(first[i]! - none[i]! + (second[i]! - none[i]!), 3);
  });
});
