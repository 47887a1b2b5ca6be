/** Stage 4: the verifier, on scenes that no other stage sees. */
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, mul, scale, shift, square, sub } from '#onnx/ops/arithmetic.ts';
import { meanAll } from '#onnx/ops/reduction.ts';
import { isThing, type RenderedScene } from '../corpus/scene.ts';
import { verifier } from '../networks/verifier.ts';
import { parametersFor } from '../trainer/checkpoint.ts';
import { defaultLoop, trainStage } from '../trainer/train-loop.ts';
import { initializeParameters, TrainingStep } from '../trainer/training-step.ts';
import { cellShare, imageBatch, labelMaps } from './batches.ts';
import type { StageContext } from './context.ts';
import { binaryCrossEntropy } from './losses.ts';
import { seenSize } from './model-config.ts';
import { startWeights } from './start.ts';

const BATCH = 16;
/** Cells that show a thing weigh more: nearly all of (labels × cells) is empty. */
const PRESENT_WEIGHT = 4;

export async function trainVerifier(context: StageContext): Promise<void> {
  const { config, world, device } = context;
  const labels = new Map(world.objects.map((label, index) => [label, index]));
  const size = seenSize(config);
  const cells = size / 8;
  const g = new GraphBuilder();
  const image = g.input('image', [BATCH, 3, size, size]);
  const { logits, depth } = verifier(g, { ...config.verifier, labels: labels.size }, image);
  const targets = g.input('labels', logits.shape);
  const weights = shift(g, scale(g, targets, PRESENT_WEIGHT - 1), 1);
  const presence = scale(g, meanAll(g, mul(g, weights, binaryCrossEntropy(g, logits, targets))), labels.size);
  const nearness = meanAll(g, square(g, sub(g, depth, g.input('depth', depth.shape))));
  const loss = add(g, presence, nearness);
  const step = await TrainingStep.create({
    builder: g,
    objectives: [{ loss }],
    numbers: { loss, presence, nearness },
    device,
  });
  const loader = context.loader('verifier', {
    offset: BATCH * (await context.store.stepsTrained('verifier')),
    size,
  });

  const ema = await trainStage({
    name: 'verifier',
    budget: { minutes: config.minutes.verifier },
    store: context.store,
    initial: initializeParameters(g, config.seed, parametersFor(g.parameters, await startWeights(context))),
    trained: step.trained,
    options: { ...defaultLoop, learningRate: 2e-3, emaDecay: 0.995 },
    picturesPerStep: BATCH,
    async step(parameters) {
      const scenes = await loader.scenes(BATCH);
      const feeds = {
        image: imageBatch(scenes),
        labels: labelMaps(scenes, { labels, cells }),
        depth: depthMaps(scenes, cells),
      };
      return step.run(feeds, parameters);
    },
  });
  await context.store.publish('verifier', ema);
  await Promise.all([step.release(), loader.close()]);
}

/** (B, cells, cells): depth rank in (0, 1] of what is visible, 0 for ground and sky. */
function depthMaps(scenes: readonly RenderedScene[], cells: number): Float32Array {
  const maps = new Float32Array(scenes.length * cells * cells);
  scenes.forEach((rendered, index) => {
    const things = rendered.scene.objects.filter(isThing);
    const ranks = [...new Set(things.map(({ depth }) => depth))].sort((a, b) => a - b);
    rendered.scene.objects.forEach((object, place) => {
      if (!isThing(object)) return;
      const rank = (ranks.indexOf(object.depth) + 1) / ranks.length;
      for (let y = 0; y < cells; y++) {
        for (let x = 0; x < cells; x++) {
          const at = index * cells * cells + y * cells + x;
          maps[at] = (maps[at] as number) + rank * cellShare(rendered, place, x, y, cells);
        }
      }
    });
  });
  return maps.map((value) => Math.min(1, value));
}
