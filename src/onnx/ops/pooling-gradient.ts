/** The gradient of mean pooling whose windows overlap, leave gaps or reach over the edge. Channels are treated as pictures of their own. */
import type { ConstantTensor, Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { div } from './arithmetic.ts';
import { inputGradient } from './convolution-gradient.ts';
import { reshape } from './layout.ts';
import type { Window } from './window.ts';

/** (N, C, H, W) → (N·C, 1, H, W). */
function singleChannel(g: GraphBuilder, x: Value): Value {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  return reshape(g, x, [n * c, 1, h, w]);
}

/** Mean pooling is a convolution with ones, divided by how many places each window covers. */
export function slidingMeanGradient(g: GraphBuilder, dy: Value, x: Value, window: Window, wholeArea: boolean): Value {
  const [kh, kw] = window.kernel;
  const share = div(g, dy, g.constant(coverage(dy, x, window, wholeArea)));
  const dx = inputGradient(g, singleChannel(g, share), singleChannel(g, x), g.filled([1, 1, kh, kw], 1), {
    ...window,
    group: 1,
  });
  return reshape(g, dx, x.shape);
}

/** Places of the picture under each window, (1, 1, rows, columns); padding counts only when `wholeArea`. */
function coverage(
  y: Value,
  x: Value,
  { kernel, strides, dilations, pads }: Window,
  wholeArea: boolean,
): ConstantTensor {
  const along = (axis: 0 | 1): number[] =>
    Array.from({ length: y.shape[2 + axis]! }, (_, place) => {
      const start = place * strides[axis] - pads[axis];
      const taps = Array.from({ length: kernel[axis] }, (_, tap) => start + tap * dilations[axis]);
      return wholeArea ? taps.length : taps.filter((at) => at >= 0 && at < x.shape[2 + axis]!).length;
    });
  const columns = along(1);
  const counts = along(0).flatMap((rows) => columns.map((column) => rows * column));
  return { type: 'float32', shape: [1, 1, ...y.shape.slice(2)], data: new Float32Array(counts) };
}
