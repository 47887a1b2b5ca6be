/** What the objects of a graph look like in a latent, as teaching material for S_cond: a token that says it can be copied into cells. */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { div, mul, shift, square, sub } from '#onnx/ops/arithmetic.ts';
import { sumAll } from '#onnx/ops/reduction.ts';
import { drawingOf, PAINT } from '#training/corpus/sample/cell-features.ts';
import { colourOf, paintRgb } from '#training/corpus/world/colours.ts';
import { isThing, type PlacedObject, type SceneGraphSample } from '#training/corpus/world/scene.ts';
import { type Ground, grounds } from '#training/corpus/world/setting.ts';
import { codeOf, FEATURES } from '#training/networks/autoencoder.ts';
import { linear } from '#training/networks/layers.ts';
import { PADDED } from '#training/stages/feeds/graph-feeds.ts';

/** Code of the drawing, code of the ground, and paint as cells say it. */
export const MEANING = FEATURES.drawing + FEATURES.ground + PAINT;

/**
 * Writes what each object of a graph means, and which of these numbers it has anything to say of, into rows of PADDED.objects × MEANING.
 * @param objects of the scene
 */
export function fillMeanings(
  values: Float32Array,
  counts: Float32Array,
  sample: SceneGraphSample,
  objects: readonly PlacedObject[],
): void {
  sample.objects.slice(0, PADDED.objects).forEach(({ sceneIndex, attributes }, row) => {
    const object = objects[sceneIndex]!;
    const write = (from: number, numbers: ArrayLike<number>) => {
      values.set(numbers, row * MEANING + from);
      counts.fill(1, row * MEANING + from, row * MEANING + from + numbers.length);
    };
    if (isThing(object)) {
      write(0, codeOf('drawing', drawingOf(object.label)));
      const paint = colourOf(attributes);
      const rgb = paint ? paintRgb(paint).map((value) => value / 127.5 - 1) : [0, 0, 0];
      write(FEATURES.drawing + FEATURES.ground, [paint ? 1 : 0, ...rgb]);
    } else if (object.isGround) {
      const ground = grounds.indexOf(object.label as Ground);
      if (ground >= 0) write(FEATURES.drawing, codeOf('ground', ground));
    }
  });
}

/**
 * Mean square of what one linear map, thrown away after training, misses of the meanings.
 * @param tokens (B, O, D)
 * @param values (B, O, MEANING)
 * @param counts (B, O, MEANING) 0 or 1
 */
export function meaningLoss(g: GraphBuilder, name: string, tokens: Value, values: Value, counts: Value): Value {
  const missed = mul(g, square(g, sub(g, linear(g, name, tokens, MEANING), values)), counts);
  return div(g, sumAll(g, missed), shift(g, sumAll(g, counts), 1));
}
