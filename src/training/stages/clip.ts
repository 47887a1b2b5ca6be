/** Stage 2: CLIP, a dual encoder of pictures and their graphs' words, by symmetric InfoNCE. */
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { exp } from '#onnx/ops/arithmetic.ts';
import { clipImageTower, clipTextTower } from '#training/networks/clip.ts';
import type { StageContext } from '#training/run/context.ts';
import { seenSize } from '#training/run/model-config.ts';
import { startWeights } from '#training/run/start.ts';
import { parametersFor } from '#training/trainer/checkpoint.ts';
import { defaultLoop, trainStage } from '#training/trainer/train-loop.ts';
import { initializeParameters, TrainingStep } from '#training/trainer/training-step.ts';
import { imageBatch } from './feeds/batches.ts';
import { textFeeds, textInputs } from './feeds/graph-feeds.ts';
import { infoNce } from './losses/losses.ts';

export async function trainClip(context: StageContext): Promise<void> {
  const { config, device } = context;
  const { batch } = config.clip;
  const g = new GraphBuilder();
  const image = g.input('image', [batch, 3, seenSize(config), seenSize(config)]);
  const inputs = textInputs(g, context, batch);
  const logScale = g.parameter('clip.logScale', [1], { kind: 'constant', value: Math.log(10) });
  const loss = infoNce(g, clipImageTower(g, config.clip, image), clipTextTower(g, config.clip, inputs), logScale);
  const numbers = { loss, scale: exp(g, logScale) };
  const begun = parametersFor(g.parameters, await startWeights(context));
  // A package's denoiser and graph encoder read labels through its embedding: it stays what they know.
  const trains = (name: string) => begun.size === 0 || !name.startsWith('clip.label');
  const step = await TrainingStep.create({ builder: g, objectives: [{ loss, trains }], numbers, device });
  const loader = context.loader('clip', {
    offset: batch * (await context.store.stepsTrained('clip')),
    size: seenSize(config),
    mixture: config.mixture,
  });

  const ema = await trainStage({
    name: 'clip',
    budget: { minutes: config.minutes.clip },
    store: context.store,
    initial: initializeParameters(g, config.seed, begun),
    trained: step.trained,
    options: { ...defaultLoop, learningRate: 1.5e-3, warmUpSteps: 50, emaDecay: 0.99 },
    picturesPerStep: batch,
    async step(parameters) {
      const records = await loader.records(batch);
      const feeds = {
        image: imageBatch(records.map(({ rendered }) => rendered)),
        ...textFeeds(
          context,
          records.map(({ sample }) => sample),
        ),
      };
      return step.run(feeds, parameters);
    },
  });
  await context.store.publish('clip', ema);
  await Promise.all([step.release(), loader.close()]);
}
