/** Stage 2: CLIP, a dual encoder of pictures and their graphs' words, by symmetric InfoNCE. */
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { exp } from '#onnx/ops/arithmetic.ts';
import { clipImageTower, clipTextTower } from '#training/networks/clip.ts';
import { budgetOf } from '#training/run/budget.ts';
import type { SceneRecord, StageContext } from '#training/run/context.ts';
import { seenSize } from '#training/run/model-config.ts';
import { startWeights } from '#training/run/start.ts';
import { parametersFor } from '#training/trainer/checkpoint.ts';
import { defaultLoop, trainStage } from '#training/trainer/train-loop.ts';
import { type Feeds, initializeParameters, type StepGraph, TrainingStep } from '#training/trainer/training-step.ts';
import { imageBatch } from './feeds/batches.ts';
import { textFeeds, textInputs } from './feeds/graph-feeds.ts';
import { infoNce } from './losses/losses.ts';

export function buildClipGraph(context: StageContext): StepGraph {
  const { config } = context;
  const { batch } = config.clip;
  const g = new GraphBuilder();
  const image = g.input('image', [batch, 3, seenSize(config), seenSize(config)]);
  const inputs = textInputs(g, context, batch);
  const logScale = g.parameter('clip.logScale', [1], { kind: 'constant', value: Math.log(10) });
  const loss = infoNce(g, clipImageTower(g, config.clip, image), clipTextTower(g, config.clip, inputs), logScale);
  // A package's denoiser and graph encoder read labels through its embedding: it stays what they know.
  const trains = (name: string) => config.start === '' || !name.startsWith('clip.label');
  return { builder: g, objectives: [{ loss, trains }], numbers: { loss, scale: exp(g, logScale) } };
}

export function clipFeeds(context: StageContext, records: readonly SceneRecord[]): Feeds {
  const samples = records.map(({ sample }) => sample);
  return { image: imageBatch(records.map(({ rendered }) => rendered)), ...textFeeds(context, samples) };
}

export async function trainClip(context: StageContext): Promise<void> {
  const { config, device } = context;
  const { batch } = config.clip;
  const graph = buildClipGraph(context);
  const begun = parametersFor(graph.builder.parameters, await startWeights(context));
  const step = await TrainingStep.create({ ...graph, device });
  const loader = context.loader('clip', {
    offset: batch * (await context.store.stepsTrained('clip')),
    size: seenSize(config),
    mixture: config.mixture,
  });

  const ema = await trainStage({
    name: 'clip',
    budget: budgetOf(config, 'clip'),
    store: context.store,
    initial: initializeParameters(graph.builder, config.seed, begun),
    trained: step.trained,
    options: { ...defaultLoop, learningRate: 1.5e-3, warmUpSteps: 50, emaDecay: 0.99 },
    picturesPerStep: batch,
    async step(parameters) {
      return step.run(clipFeeds(context, await loader.records(batch)), parameters);
    },
  });
  await context.store.publish('clip', ema);
  await Promise.all([step.release(), loader.close()]);
}
