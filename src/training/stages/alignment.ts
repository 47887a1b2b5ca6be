/** What CLIP and the graph encoder have learned, on test scenes: retrieval both ways, distance to the picture's feature, near words. */
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { GRID } from '#training/corpus/sample/cell-features.ts';
import { SceneStream } from '#training/corpus/sample/stream.ts';
import type { SceneGraphSample } from '#training/corpus/world/scene.ts';
import { recallAt } from '#training/evaluation/scores/recall.ts';
import { clipImageTower, clipTextTower, labelEmbedding } from '#training/networks/clip.ts';
import { encodeGraph } from '#training/networks/graph-encoder.ts';
import type { Alignment } from '#training/report/training-page.ts';
import type { StageContext } from '#training/run/context.ts';
import { graphEncoderConfig, seenSize } from '#training/run/model-config.ts';
import { ForwardPass, initializeParameters } from '#training/trainer/training-step.ts';
import { imageBatch } from './feeds/batches.ts';
import { graphFeeds, textFeeds, textInputs, trainingGraphInputs } from './feeds/graph-feeds.ts';

const BATCH = 50;
const KS = [1, 5, 10] as const;

/** No label of the world is one of these; each is near to some. */
const unseenWords =
  'lamb kitten puppy pony bull goose eagle duck wolf lion tiger rabbit taxi van jeep tractor scooter ship yacht canoe helicopter cottage barn church castle tower stool desk crib mug kettle goblet burger lemon pear peach tulip rose oak pine shrub pebble cliff meadow lawn sea lake highway sweater scarf sandals'.split(
    ' ',
  );

type Weights = Map<string, Float32Array>;

/** @param scenes of the test split, a multiple of 50 */
export async function measureAlignment(context: StageContext, scenes = 1000): Promise<Alignment> {
  const { config, store } = context;
  const { featureWidth } = config.clip;
  const clip = await store.weights('clip');
  const { images, samples } = await pictureFeatures(context, clip, scenes);
  const texts = await textFeatures(context, clip, samples);
  const stages = ['graph-encoder', 'finetune'].filter((stage) => store.hasWeights(stage));
  const encoders = new Map<string, Weights>([['untrained', clip]]);
  for (const stage of stages) encoders.set(stage, new Map([...clip, ...(await store.weights(stage))]));
  const globals = await graphFeatures(context, encoders, samples);
  return {
    scenes,
    recall: {
      'picture by text': recallAt(texts, images, featureWidth, KS),
      'text by picture': recallAt(images, texts, featureWidth, KS),
      ...Object.fromEntries(
        [...globals].map(([name, rows]) => [`picture by G_global, ${name}`, recallAt(rows, images, featureWidth, KS)]),
      ),
    },
    cosine: Object.fromEntries([...globals].map(([name, rows]) => [name, meanCosine(rows, images, featureWidth)])),
    neighbours: await nearWords(context, clip),
  };
}

async function pictureFeatures(
  context: StageContext,
  weights: Weights,
  scenes: number,
): Promise<{ images: Float32Array; samples: SceneGraphSample[] }> {
  const { config } = context;
  const size = seenSize(config);
  const g = new GraphBuilder();
  const image = g.input('image', [BATCH, 3, size, size]);
  g.output('feature', clipImageTower(g, config.clip, image));
  const forward = await ForwardPass.create(g, context.device);
  const stream = new SceneStream({
    split: 'test',
    size,
    grid: GRID,
    things: config.things,
    start: 0,
  });
  const images = new Float32Array(scenes * config.clip.featureWidth);
  const samples: SceneGraphSample[] = [];
  for (let done = 0; done < scenes; done += BATCH) {
    const records = Array.from({ length: BATCH }, () => stream.next());
    samples.push(...records.map(({ sample }) => sample));
    const { feature } = await forward.run({ image: imageBatch(records.map(({ rendered }) => rendered)) }, weights);
    images.set(feature!, done * config.clip.featureWidth);
  }
  await forward.release();
  return { images, samples };
}

async function textFeatures(context: StageContext, weights: Weights, samples: readonly SceneGraphSample[]) {
  const g = new GraphBuilder();
  g.output('feature', clipTextTower(g, context.config.clip, textInputs(g, context, BATCH)));
  const forward = await ForwardPass.create(g, context.device);
  const rows = new Float32Array(samples.length * context.config.clip.featureWidth);
  for (let done = 0; done < samples.length; done += BATCH) {
    const { feature } = await forward.run(textFeeds(context, samples.slice(done, done + BATCH)), weights);
    rows.set(feature!, done * context.config.clip.featureWidth);
  }
  await forward.release();
  return rows;
}

async function graphFeatures(
  context: StageContext,
  encoders: ReadonlyMap<string, Weights>,
  samples: readonly SceneGraphSample[],
): Promise<Map<string, Float32Array>> {
  const { clip } = context.config;
  const g = new GraphBuilder();
  const inputs = trainingGraphInputs(g, context, BATCH);
  g.output('global', encodeGraph(g, graphEncoderConfig(context), clip, inputs).gGlobal);
  const forward = await ForwardPass.create(g, context.device);
  const features = new Map<string, Float32Array>();
  for (const [name, weights] of encoders) {
    const all = initializeParameters(g, context.config.seed, new Map(weights));
    const rows = new Float32Array(samples.length * clip.featureWidth);
    for (let done = 0; done < samples.length; done += BATCH) {
      const { global } = await forward.run(graphFeeds(context, samples.slice(done, done + BATCH)), all);
      rows.set(global!, done * clip.featureWidth);
    }
    features.set(name, rows);
  }
  await forward.release();
  return features;
}

function meanCosine(a: Float32Array, b: Float32Array, width: number): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0) / (a.length / width);
}

const NEAREST = 3;

async function nearWords({ config, tokenSpec, world, device }: StageContext, weights: Weights) {
  const { embedding } = tokenSpec;
  const unseen = unseenWords.filter((word) => !world.objects.includes(word) && embedding.vector(word));
  const words = [...world.objects, ...unseen];
  const g = new GraphBuilder();
  const vectors = g.input('vectors', [words.length, embedding.width]);
  g.output('label', labelEmbedding(g, config.clip, vectors));
  const forward = await ForwardPass.create(g, device);
  const feed = new Float32Array(words.length * embedding.width);
  words.forEach((word, i) => {
    feed.set(embedding.vector(word)!, i * embedding.width);
  });
  const { label } = (await forward.run({ vectors: feed }, weights)) as { label: Float32Array };
  await forward.release();
  const width = config.clip.labelWidth;
  const row = (i: number) => label.subarray(i * width, (i + 1) * width);
  const cosine = (a: Float32Array, b: Float32Array) =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0) / (Math.hypot(...a) * Math.hypot(...b));
  return unseen.map((word, i) => ({
    word,
    labels: world.objects
      .map((name, at) => ({ name, near: cosine(row(world.objects.length + i), row(at)) }))
      .sort((a, b) => b.near - a.near)
      .slice(0, NEAREST)
      .map(({ name }) => name),
  }));
}
