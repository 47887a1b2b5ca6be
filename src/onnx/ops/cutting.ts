/** Rules of the operators that cut tensors apart, join them and pad them. */
import { choiceAttribute, integerAttribute } from '#onnx/attributes.ts';
import { elements, GraphError, type Node, positiveAxis, sameShape, type Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import type { OpDefinition } from '#onnx/op-definition.ts';
import { required } from './arithmetic.ts';
import { concat, pad, slice, split, unsqueeze } from './layout.ts';

interface SliceRange {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly size: number;
}

/** Normalises Slice's arguments (ONNX Slice-13). */
function sliceRanges(g: GraphBuilder, inputs: readonly (Value | undefined)[]): SliceRange[] {
  const x = required('Slice', inputs, 0);
  const starts = g.constantIntegers('Slice', inputs[1]);
  const ends = g.constantIntegers('Slice', inputs[2]);
  const axes = inputs[3] ? g.constantIntegers('Slice', inputs[3]) : starts.map((_, axis) => axis);
  const steps = inputs[4] ? g.constantIntegers('Slice', inputs[4]) : starts.map(() => 1);
  if ([ends, axes, steps].some(({ length }) => length !== starts.length)) {
    throw new GraphError('Slice', 'starts, ends, axes and steps must be of one length', inputs);
  }
  return axes.map((given, index) => {
    const axis = positiveAxis('Slice', given, x.shape.length);
    const dim = x.shape[axis]!;
    const step = steps[index]!;
    if (step === 0) throw new GraphError('Slice', 'a step of 0', inputs);
    const clamp = (bound: number, low: number, high: number) =>
      Math.min(Math.max(bound < 0 ? bound + dim : bound, low), high);
    const start = step > 0 ? clamp(starts[index]!, 0, dim) : clamp(starts[index]!, 0, dim - 1);
    const end = step > 0 ? clamp(ends[index]!, 0, dim) : clamp(ends[index]!, -1, dim - 1);
    return { axis, start, step, size: Math.max(0, Math.ceil((end - start) / step)) };
  });
}

/** Spreads a sliced gradient back over the axis: reversed, dilated and padded with zeros as the slice asked. */
function unslice(g: GraphBuilder, gradient: Value, { axis, start, step, size }: SliceRange, dim: number): Value {
  const rank = gradient.shape.length;
  const zeros = new Array<number>(rank).fill(0);
  const at = (amount: number) => zeros.map((zero, index) => (index === axis ? amount : zero));
  let result = step < 0 ? slice(g, gradient, [axis], [-1], [-(2 ** 31)], [-1]) : gradient;
  const stride = Math.abs(step);
  const first = step < 0 ? start + (size - 1) * step : start;
  if (stride > 1) {
    const wide = pad(g, unsqueeze(g, result, [axis + 1]), new Array(rank + 1).fill(0), [
      ...at(0).slice(0, axis + 1),
      stride - 1,
      ...zeros.slice(axis + 1),
    ]);
    const merged = gradient.shape.map((length, index) => (index === axis ? length * stride : length));
    result = g.one('Reshape', [wide, g.integers(merged)]);
    result = slice(g, result, [axis], [0], [(size - 1) * stride + 1]);
  }
  const covered = result.shape[axis]!;
  return covered === dim ? result : pad(g, result, at(first), at(dim - first - covered));
}

/** Pads' arguments for every axis (ONNX Pad-18). @throws GraphError for other modes than constant. */
function paddingOf(
  g: GraphBuilder,
  inputs: readonly (Value | undefined)[],
  attributes: Node['attributes'],
): { readonly before: number[]; readonly after: number[] } {
  const { shape } = required('Pad', inputs, 0);
  choiceAttribute('Pad', attributes, 'mode', ['constant']);
  const pads = g.constantIntegers('Pad', inputs[1]);
  const given = inputs[3] ? g.constantIntegers('Pad', inputs[3]) : shape.map((_, axis) => axis);
  const axes = given.map((axis) => positiveAxis('Pad', axis, shape.length));
  if (pads.length !== 2 * axes.length) {
    throw new GraphError('Pad', `needs ${2 * axes.length} paddings, got ${pads.length}`, inputs);
  }
  const amounts = (side: readonly number[]) =>
    shape.map((_, axis) => (axes.includes(axis) ? side[axes.indexOf(axis)]! : 0));
  return { before: amounts(pads.slice(0, axes.length)), after: amounts(pads.slice(axes.length)) };
}

export const cuttingOps: readonly OpDefinition[] = [
  {
    op: 'Concat',
    infer(inputs, attributes) {
      const values = inputs.map((_, index) => required('Concat', inputs, index));
      const first = required('Concat', inputs, 0);
      const axis = positiveAxis(
        'Concat',
        integerAttribute('Concat', attributes, 'axis', Number.NaN),
        first.shape.length,
      );
      const rest = (shape: readonly number[]) => shape.filter((_, index) => index !== axis);
      for (const value of values) {
        if (value.type !== first.type || !sameShape(rest(value.shape), rest(first.shape))) {
          throw new GraphError('Concat', `inputs differ outside axis ${axis}`, inputs);
        }
      }
      const total = values.reduce((sum, value) => sum + value.shape[axis]!, 0);
      return [{ type: first.type, shape: first.shape.map((dim, index) => (index === axis ? total : dim)) }];
    },
    gradient({ builder: g, node, outputGradients: [dy] }) {
      if (!dy) return [];
      const axis = positiveAxis('Concat', integerAttribute('Concat', node.attributes, 'axis', 0), dy.shape.length);
      return split(
        g,
        dy,
        axis,
        node.inputs.map((input) => input!.shape[axis]!),
      );
    },
  },
  {
    op: 'Split',
    infer(inputs, attributes, g) {
      const x = required('Split', inputs, 0);
      const axis = positiveAxis('Split', integerAttribute('Split', attributes, 'axis', 0), x.shape.length);
      if (!inputs[1]) throw new GraphError('Split', 'needs the sizes of its parts as an input', inputs);
      const sizes = g.constantIntegers('Split', inputs[1]);
      if (sizes.some((size) => size < 0) || sizes.reduce((sum, size) => sum + size, 0) !== x.shape[axis]) {
        throw new GraphError('Split', `parts [${sizes}] do not add up to axis ${axis}`, inputs);
      }
      return sizes.map((size) => ({ type: x.type, shape: x.shape.map((dim, index) => (index === axis ? size : dim)) }));
    },
    gradient({ builder: g, node, outputGradients }) {
      if (outputGradients.every((dy) => !dy)) return [];
      const parts = node.outputs.map((output, index) => outputGradients[index] ?? g.filled(output.shape, 0));
      return [concat(g, parts, integerAttribute('Split', node.attributes, 'axis', 0))];
    },
  },
  {
    op: 'Slice',
    infer(inputs, _attributes, g) {
      const x = required('Slice', inputs, 0);
      const shape = [...x.shape];
      for (const range of sliceRanges(g, inputs)) shape[range.axis] = range.size;
      return [{ type: x.type, shape }];
    },
    gradient({ builder: g, node, outputGradients: [dy] }) {
      if (!dy) return [];
      const x = node.inputs[0]!;
      if (elements(dy.shape) === 0) return [g.filled(x.shape, 0)];
      return [sliceRanges(g, node.inputs).reduce((dx, range) => unslice(g, dx, range, x.shape[range.axis]!), dy)];
    },
  },
  {
    op: 'Pad',
    infer(inputs, attributes, g) {
      const x = required('Pad', inputs, 0);
      const { before, after } = paddingOf(g, inputs, attributes);
      const shape = x.shape.map((dim, axis) => dim + before[axis]! + after[axis]!);
      if (shape.some((dim) => dim < 0)) throw new GraphError('Pad', `[${before}] and [${after}] cut too much`, inputs);
      return [{ type: x.type, shape }];
    },
    gradient({ builder: g, node, outputGradients: [dy], wants }) {
      if (!dy) return [];
      if (wants(2)) throw new GraphError('Pad', 'no gradient rule for the value to pad with', node.inputs);
      const x = node.inputs[0]!;
      const { before, after } = paddingOf(g, node.inputs, node.attributes);
      if ([...before, ...after].some((amount) => amount < 0)) {
        return [
          pad(
            g,
            dy,
            before.map((amount) => -amount),
            after.map((amount) => -amount),
          ),
        ];
      }
      const ends = x.shape.map((dim, axis) => dim + before[axis]!);
      return [
        slice(
          g,
          dy,
          x.shape.map((_, axis) => axis),
          before,
          ends,
        ),
      ];
    },
  },
];
