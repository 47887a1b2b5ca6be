/** Scenes as the painter learns from them, with a graph of each: as people draw it, or of a whole scene. */
import type { RandomSource } from '#graph/random.ts';
import { seededRandom } from '#graph/random.ts';
import { type Composition, composeScene } from '#training/corpus/compose/compose.ts';
import { sampleSceneGraph } from '#training/corpus/sample/sample-graph.ts';
import { sceneSeed } from '#training/corpus/world/random.ts';
import type { Scene, SceneGraphSample } from '#training/corpus/world/scene.ts';
import type { TrainingConfig } from '#training/run/config.ts';

/** What the scenes are like. */
export function paintersScenes({ latents, mixture, things: usual }: TrainingConfig): Composition {
  const { evenly, whole, things = usual } = latents;
  return { mixture, evenly, whole, things };
}

/** Every draw is another graph of the scene. */
export const paintersGraph = (
  { graphs }: Pick<TrainingConfig, 'graphs'>,
  scene: Scene,
  random: RandomSource,
): SceneGraphSample =>
  sampleSceneGraph(scene, random, { saysOddGround: true, ...(!scene.isWhole && { habits: graphs }) });

/** Examples of both, for counting and looking: of the validation split, so that nothing is trained on them. */
export function paintersExamples(
  config: TrainingConfig,
  count: number,
): readonly { readonly scene: Scene; readonly sample: SceneGraphSample }[] {
  return Array.from({ length: count }, (_, index) => {
    const random = seededRandom(sceneSeed('validation', index));
    const scene = composeScene(random, paintersScenes(config));
    return { scene, sample: paintersGraph(config, scene, random) };
  });
}
