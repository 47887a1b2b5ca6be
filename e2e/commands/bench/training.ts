import { countFlops } from '#onnx/flops.ts';
import type { Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { square, sub } from '#onnx/ops/arithmetic.ts';
import { meanAll } from '#onnx/ops/reduction.ts';
import { SceneStream } from '#training/corpus/sample/stream.ts';
import { LATENT_CHANNELS, LATENT_SIDE } from '#training/networks/autoencoder.ts';
import { decoder } from '#training/networks/decoder/decoder.ts';
import { denoiser, denoiserInputs } from '#training/networks/denoiser.ts';
import { defaultConfig } from '#training/run/config.ts';
import { decoderConfig } from '#training/run/model-config.ts';
import { TRAINING_LAYOUT } from '#training/stages/feeds/graph-feeds.ts';
import { matMulRate } from '#training/trainer/matmul-rate.ts';

import { type Effort, type Figure, figure, median, secondsOf } from './figures.ts';
import { secondsOfSteps } from './training-step.ts';

/** A training step with optimiser: seconds, and FLOP of products and convolutions. */
async function stepFigure(
  name: string,
  builder: GraphBuilder,
  loss: Value,
  batch: number,
  rate: number,
  rounds: number,
): Promise<Figure[]> {
  const seconds = await secondsOfSteps(builder, loss, rounds);
  const flops = seconds.map((each) => countFlops(builder) / each);
  const perSecond = seconds.map((each) => batch / each);
  const arithmetic = figure(
    `${name}: arithmetic`,
    'GFLOP/s',
    flops.map((each) => each / 1e9),
  );
  return [figure(`${name}: pictures per second`, '1/s', perSecond), { ...arithmetic, ofMatMul: median(flops) / rate }];
}

/** A training step of the denoiser and of the autoencoder as shares of the machine's own MatMul rate, and the corpus. */
export async function measureTraining({ rounds, isQuick }: Effort): Promise<Figure[]> {
  const rate = await matMulRate();
  const figures: Figure[] = [{ name: 'MatMul 1024³', value: rate / 1e9, unit: 'GFLOP/s' }];
  const { denoiser: shape, autoencoder, imageSize } = defaultConfig;
  {
    const g = new GraphBuilder();
    const batch = isQuick ? 1 : shape.batch;
    const network = {
      ...shape,
      latentChannels: LATENT_CHANNELS,
      height: LATENT_SIDE,
      width: LATENT_SIDE,
      deviations: new Array<number>(LATENT_CHANNELS).fill(1),
      mean: new Array<number>(LATENT_CHANNELS).fill(0),
      scale: 1,
    };
    const inputs = denoiserInputs(g, network, batch, TRAINING_LAYOUT.tokens);
    const { prediction } = denoiser(g, network, inputs);
    figures.push(
      ...(await stepFigure(
        'denoiser step',
        g,
        meanAll(g, square(g, sub(g, prediction, inputs.sample))),
        batch,
        rate,
        rounds,
      )),
    );
  }
  {
    const g = new GraphBuilder();
    const batch = isQuick ? 1 : autoencoder.batch;
    const image = g.input('image', [batch, 3, imageSize, imageSize]);
    const latent = g.input('latent', [batch, LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE]);
    const output = decoder(g, decoderConfig(defaultConfig), latent);
    const loss = meanAll(g, square(g, sub(g, output, image)));
    figures.push(...(await stepFigure('autoencoder step', g, loss, batch, rate, rounds)));
  }
  const stream = new SceneStream({ split: 'train', size: imageSize, grid: 16, things: defaultConfig.things, start: 0 });
  const scenes = isQuick ? 4 : 64;
  const seconds = await secondsOf(rounds, () => {
    for (let i = 0; i < scenes; i++) stream.next();
  });
  const perSecond = seconds.map((each) => scenes / each);
  figures.push(figure('corpus: scenes per second and thread', '1/s', perSecond));
  return figures;
}
