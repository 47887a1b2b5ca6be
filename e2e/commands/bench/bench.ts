/**
 * `npm run bench`: how fast training and painting are here, as shares of the machine's own MatMul rate measured in the same run, and
 * how smoothly a large graph moves under the hand.
 */
import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { countFlops } from '#onnx/flops.ts';
import type { Value } from '#onnx/graph.ts';
import { elements } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { square, sub } from '#onnx/ops/arithmetic.ts';
import { meanAll } from '#onnx/ops/reduction.ts';
import { adamW, clipScale, globalNorm } from '#onnx/optimizer.ts';
import { SceneStream } from '#training/corpus/sample/stream.ts';
import { LATENT_CHANNELS, LATENT_SIDE } from '#training/networks/autoencoder.ts';
import { decoder } from '#training/networks/decoder/decoder.ts';
import { denoiser, denoiserInputs } from '#training/networks/denoiser.ts';
import { defaultConfig } from '#training/run/config.ts';
import { decoderConfig } from '#training/run/model-config.ts';
import { TRAINING_LAYOUT } from '#training/stages/feeds/graph-feeds.ts';
import { matMulRate } from '#training/trainer/matmul-rate.ts';
import { type Feeds, initializeParameters, TrainingStep } from '#training/trainer/training-step.ts';

const ROUNDS = 7;

interface Figure {
  readonly name: string;
  /** Median over the rounds. */
  readonly value: number;
  readonly unit: string;
  /** Share of the MatMul rate of the same run, where it is one. */
  readonly ofMatMul?: number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

async function secondsOf(action: () => Promise<unknown> | unknown): Promise<number> {
  await action();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await action();
    times.push((performance.now() - start) / 1000);
  }
  return median(times);
}

function randomFeeds(inputs: readonly Value[]): Feeds {
  const noise = seededNoise(1);
  return Object.fromEntries(inputs.map(({ name, shape }) => [name, noise.normals(elements(shape))]));
}

/** A training step with optimiser: seconds, and FLOP of products and convolutions. */
async function stepFigure(
  name: string,
  builder: GraphBuilder,
  loss: Value,
  batch: number,
  rate: number,
): Promise<Figure[]> {
  const step = await TrainingStep.create({ builder, objectives: [{ loss }], numbers: { loss }, device: 'cpu' });
  const parameters = initializeParameters(builder, 1);
  const optimizer = adamW({ betas: [0.9, 0.99], epsilon: 1e-8, weightDecay: 0.01 });
  let state = optimizer.init(parameters);
  const feeds = randomFeeds(builder.inputs);
  const seconds = await secondsOf(async () => {
    const { gradients } = await step.run(feeds, parameters);
    state = optimizer.update(parameters, gradients, state, 1e-5, clipScale(globalNorm(gradients), 1));
  });
  await step.release();
  const flops = countFlops(builder) / seconds;
  return [
    { name: `${name}: pictures per second`, value: batch / seconds, unit: '1/s' },
    { name: `${name}: arithmetic`, value: flops / 1e9, unit: 'GFLOP/s', ofMatMul: flops / rate },
  ];
}

async function measureTraining(): Promise<Figure[]> {
  const rate = await matMulRate();
  const figures: Figure[] = [{ name: 'MatMul 1024³', value: rate / 1e9, unit: 'GFLOP/s' }];
  const { denoiser: shape, autoencoder, imageSize } = defaultConfig;
  {
    const g = new GraphBuilder();
    const network = {
      ...shape,
      latentChannels: LATENT_CHANNELS,
      height: LATENT_SIDE,
      width: LATENT_SIDE,
      deviations: new Array<number>(LATENT_CHANNELS).fill(1),
      mean: new Array<number>(LATENT_CHANNELS).fill(0),
      scale: 1,
    };
    const inputs = denoiserInputs(g, network, shape.batch, TRAINING_LAYOUT.tokens);
    const { prediction } = denoiser(g, network, inputs);
    figures.push(
      ...(await stepFigure(
        'denoiser step',
        g,
        meanAll(g, square(g, sub(g, prediction, inputs.sample))),
        shape.batch,
        rate,
      )),
    );
  }
  {
    const g = new GraphBuilder();
    const { batch } = autoencoder;
    const image = g.input('image', [batch, 3, imageSize, imageSize]);
    const latent = g.input('latent', [batch, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE]);
    const output = decoder(g, decoderConfig(defaultConfig), latent);
    const loss = meanAll(g, square(g, sub(g, output, image)));
    figures.push(...(await stepFigure('autoencoder step', g, loss, batch, rate)));
  }
  const stream = new SceneStream({ split: 'train', size: imageSize, grid: 16, things: defaultConfig.things, start: 0 });
  const scenes = 64;
  const seconds = await secondsOf(() => {
    for (let i = 0; i < scenes; i++) stream.next();
  });
  figures.push({ name: 'corpus: scenes per second and thread', value: scenes / seconds, unit: '1/s' });
  return figures;
}

/** A drag among 300 objects and 600 relations in headless Chromium, drawn by the processor. */
async function measureEditor(): Promise<Figure[]> {
  const { measureCanvas } = await import('./canvas-bench.ts');
  const measured = await measureCanvas();
  if (!measured) {
    process.stderr.write(
      'No Chrome or Chromium is here, so the canvas is not measured: npx tsx e2e/commands/ensure-chromium.ts\n',
    );
    return [];
  }
  const views = { 'all in view': measured.whole, 'at full size': measured.near };
  return Object.entries(views).flatMap(([view, { medianPerSecond, longest }]) => [
    { name: `canvas, ${view}: frames per second`, value: medianPerSecond, unit: '1/s' },
    { name: `canvas, ${view}: longest frame`, value: longest, unit: 'ms' },
  ]);
}

const parts = { training: measureTraining, canvas: measureEditor };
const program = new Command('bench')
  .description('Measures training, rendering and the canvas. Compare ratios of one run, not times of two.')
  .option('--json <file>', 'write the figures as JSON')
  .addOption(new Option('--only <part>', 'measure one part').choices(Object.keys(parts)))
  .parse();
const { only } = program.opts<{ only?: keyof typeof parts }>();
const figures: Figure[] = [];
for (const [part, measure] of Object.entries(parts)) {
  if (only === undefined || only === part) figures.push(...(await measure()));
}
for (const { name, value, unit, ofMatMul } of figures) {
  const share = ofMatMul === undefined ? '' : `  (${(100 * ofMatMul).toFixed(0)} % of MatMul)`;
  process.stdout.write(`${name.padEnd(40)} ${value.toFixed(1).padStart(8)} ${unit}${share}\n`);
}
const { json } = program.opts<{ json?: string }>();
if (json) writeFileSync(json, `${JSON.stringify({ figures }, null, 2)}\n`);
