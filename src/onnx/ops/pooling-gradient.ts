/** Gradients of pooling whose windows overlap, leave gaps or reach over the edge. Channels are treated as pictures of their own. */
import type { ConstantTensor, Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { div, mul } from './arithmetic.ts';
import { inputGradient } from './convolution-gradient.ts';
import { cast, concat, reshape, slice } from './layout.ts';
import { reduceSum } from './reduction.ts';
import type { Window } from './window.ts';

const LOWEST = -3.402_823_466_385_288_6e38;

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

/** Each maximum passes its gradient to the tap that held it; equal maxima share it. */
export function slidingMaxGradient(g: GraphBuilder, dy: Value, x: Value, y: Value, window: Window): Value {
  const { kernel, strides, dilations, pads } = window;
  const [rows, columns] = y.shape.slice(2) as [number, number];
  const padded = g.one('Pad', [
    singleChannel(g, x),
    g.integers([0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]]),
    g.scalar(LOWEST),
  ]);
  const taps: Value[] = [];
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) {
      const starts = [i * dilations[0], j * dilations[1]] as const;
      const ends = [starts[0] + (rows - 1) * strides[0] + 1, starts[1] + (columns - 1) * strides[1] + 1];
      taps.push(slice(g, padded, [2, 3], starts, ends, strides));
    }
  }
  const hits = cast(g, g.one('Equal', [concat(g, taps, 1), singleChannel(g, y)]), 'float32'); // (N·C, taps, rows, columns)
  const share = div(g, singleChannel(g, dy), reduceSum(g, hits, [1], { keepdims: true }));
  const dx = inputGradient(g, mul(g, hits, share), singleChannel(g, x), g.constant(oneHot(kernel)), {
    ...window,
    group: 1,
  });
  return reshape(g, dx, x.shape);
}

/** The convolution whose output channel t is tap t of the window: (taps, 1, kh, kw). */
function oneHot([kh, kw]: Window['kernel']): ConstantTensor {
  const taps = kh * kw;
  const data = new Float32Array(taps * taps);
  for (let tap = 0; tap < taps; tap++) data[tap * taps + tap] = 1;
  return { type: 'float32', shape: [taps, 1, kh, kw], data };
}
