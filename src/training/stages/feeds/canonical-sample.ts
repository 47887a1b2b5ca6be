/** Samples in the order that a user's graph is put in, so that the first of two sheep is the same one in training and in the editor. */
import { canonicalOrder } from '#graph/canonical-order.ts';
import type { PlacedObject, SceneGraphSample } from '#training/corpus/world/scene.ts';

/**
 * Objects in canonical order. Those that nothing in the graph tells apart come from left to right: that is what makes them two things to a
 * denoiser, and any order of a user's is as good.
 * @param objects of the scene
 */
export function canonicalSample(sample: SceneGraphSample, objects: readonly PlacedObject[]): SceneGraphSample {
  const middles = sample.objects.map(({ sceneIndex }) => {
    const [left, , right] = objects[sceneIndex]!.box;
    return left + right;
  });
  const fromLeft = [...middles.keys()].sort((a, b) => middles[a]! - middles[b]!);
  const sorted = reordered(sample, fromLeft);
  return reordered(sorted, canonicalOrder(sorted));
}

/** @param order old places, in the order of the new ones */
function reordered(sample: SceneGraphSample, order: readonly number[]): SceneGraphSample {
  const places = new Map(order.map((from, to) => [from, to]));
  return {
    ...sample,
    objects: order.map((from) => sample.objects[from]!),
    relations: sample.relations.map(({ subject, predicate, object }) => ({
      subject: places.get(subject)!,
      predicate,
      object: places.get(object)!,
    })),
  };
}
