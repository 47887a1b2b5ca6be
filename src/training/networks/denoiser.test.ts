/** The denoiser on scenes of the corpus, before any training: what Bayes' rule says of drawings must hold without it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededNoise } from '#diffusion/noise.ts';
import { createParametrisation } from '#diffusion/parametrisation.ts';
import { seededRandom } from '#graph/random.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { cellFeatures, drawingCount, GRID } from '../corpus/cell-features.ts';
import { composeScene } from '../corpus/compose.ts';
import { renderScene } from '../corpus/render.ts';
import { sceneFeeds } from '../stages/autoencoder-feeds.ts';
import { ForwardPass, initializeParameters } from '../trainer/training-step.ts';
import { encodeScene, FEATURES, LATENT_CHANNELS, LATENT_SIDE, PATCH, sceneInputs } from './autoencoder.ts';
import { spreadCodes } from './codes.ts';
import { denoiser, denoiserInputs } from './denoiser.ts';

const NUMBERS = LATENT_CHANNELS * LATENT_SIDE ** 2;
const WIDTH = 16;
const even = (value: number) => new Array<number>(LATENT_CHANNELS).fill(value);
const edm = createParametrisation('edm', 1);
// Latents that are no longer as the codes are: moved, and half as large.
const [MEAN, SCALE] = [0.3, 2];
let encode: ForwardPass;
let network: ForwardPass;
let weights: Map<string, Float32Array>;

beforeAll(async () => {
  const e = new GraphBuilder();
  e.output('latent', encodeScene(e, sceneInputs(e, 1)));
  encode = await ForwardPass.create(e, 'cpu');
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
  g.output('prediction', denoiser(g, shape, denoiserInputs(g, shape, 1, 3)).prediction);
  network = await ForwardPass.create(g, 'cpu');
  weights = initializeParameters(g, 1);
});
afterAll(() => Promise.all([encode.release(), network.release()]));

async function denoised(x0: Float32Array, sigma: number): Promise<Float32Array> {
  const noise = seededNoise(3).normals(NUMBERS);
  const sample = edm.trainingInput(x0, noise, sigma);
  const { skip, out, in: into, timestep } = edm.coefficients(sigma);
  const feeds = {
    sample,
    timestep: Float32Array.of(timestep),
    s_cond: new Float32Array(3 * WIDTH),
    mask: new Float32Array(3).fill(1),
  };
  const { prediction } = (await network.run(feeds, weights)) as { prediction: Float32Array };
  return prediction.map((f, i) => skip * ((sample[i] as number) / into) + out * f);
}

const codes = spreadCodes(drawingCount, FEATURES.drawing);

/** The codes of all cells as they are, (cells, 12), from a standardised latent of 2 × 2 cells per token. */
function codesIn(latent: Float32Array): number[][] {
  const features = LATENT_CHANNELS / PATCH ** 2;
  return Array.from({ length: GRID * GRID }, (_, cell) => {
    const [x, y] = [cell % GRID, Math.floor(cell / GRID)];
    const block = (y % PATCH) * PATCH + (x % PATCH);
    const token = Math.floor(y / PATCH) * LATENT_SIDE + Math.floor(x / PATCH);
    return Array.from({ length: FEATURES.drawing }, (_, i) => {
      return SCALE * (latent[(block * features + i) * LATENT_SIDE ** 2 + token] as number) + MEAN;
    });
  });
}

test('below the noise that divides codes every cell has exactly its own, above it none', async () => {
  for (let seed = 0; seed < 4; seed++) {
    const rendered = renderScene(composeScene(seededRandom(seed), { things: { min: 2, max: 4 } }), {
      size: 64,
      grid: GRID,
    });
    const { latent } = (await encode.run(sceneFeeds([rendered]), new Map())) as { latent: Float32Array };
    const x0 = latent.map((value) => (value - MEAN) / SCALE);
    const { drawings } = cellFeatures(rendered);
    const distances = async (sigma: number) =>
      codesIn(await denoised(x0, sigma)).map((code, cell) =>
        Math.hypot(
          ...code.map((value, i) => value - (codes[(drawings[cell] as number) * FEATURES.drawing + i] as number)),
        ),
      );
    // Noise in units of codes is twice as large.
    expect(Math.max(...(await distances(0.05)))).toBeLessThan(0.01);
    expect(Math.max(...(await distances(0.15)))).toBeLessThan(0.1);
    const lost = await distances(40);
    expect(Math.min(...lost)).toBeGreaterThan(1);
  }
});
