/** Operators that move numbers without changing them. */
import { type DataType, elements, GraphError, positiveAxis, sameShape, type Value } from '../graph.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import type { OpDefinition } from '../op-definition.ts';
import { required } from './arithmetic.ts';
import { broadcastShape, unbroadcast } from './broadcast.ts';

/**
 * Reshapes to `shape`. Leading dimensions that stay as they are become "copy" (0) in the file, so that a graph built for one
 * batch and token count runs with any.
 */
export function reshape(g: GraphBuilder, x: Value, shape: readonly number[]): Value {
  let kept = 0;
  while (kept < shape.length && kept < x.shape.length && shape[kept] === x.shape[kept]) kept += 1;
  return g.one('Reshape', [x, g.integers(shape.map((dim, axis) => (axis < kept ? 0 : dim)))]);
}
export const transpose = (g: GraphBuilder, x: Value, perm: readonly number[]): Value =>
  g.one('Transpose', [x], { perm });
export const concat = (g: GraphBuilder, values: readonly Value[], axis: number): Value =>
  g.one('Concat', values, { axis });
export const split = (g: GraphBuilder, x: Value, axis: number, sizes: readonly number[]): Value[] =>
  g.apply('Split', [x, g.integers(sizes)], { axis });
export const slice = (
  g: GraphBuilder,
  x: Value,
  axes: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
  steps: readonly number[] = axes.map(() => 1),
): Value => g.one('Slice', [x, g.integers(starts), g.integers(ends), g.integers(axes), g.integers(steps)]);
/** Pads with zeros; `before` and `after` list every axis. */
export const pad = (g: GraphBuilder, x: Value, before: readonly number[], after: readonly number[]): Value =>
  g.one('Pad', [x, g.integers([...before, ...after])], { mode: 'constant' });
export const expand = (g: GraphBuilder, x: Value, shape: readonly number[]): Value =>
  g.one('Expand', [x, g.integers(shape)]);
export const unsqueeze = (g: GraphBuilder, x: Value, axes: readonly number[]): Value =>
  g.one('Unsqueeze', [x, g.integers(axes)]);
export const squeeze = (g: GraphBuilder, x: Value, axes: readonly number[]): Value =>
  g.one('Squeeze', [x, g.integers(axes)]);
/** (N, C·b², H, W) → (N, C, H·b, W·b). */
export const depthToSpace = (g: GraphBuilder, x: Value, blocksize: number): Value =>
  g.one('DepthToSpace', [x], { blocksize, mode: 'DCR' });
/** (N, C, H·b, W·b) → (N, C·b², H, W). */
export const spaceToDepth = (g: GraphBuilder, x: Value, blocksize: number): Value =>
  g.one('SpaceToDepth', [x], { blocksize });

const castCodes: Record<DataType, number> = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 };
export const cast = (g: GraphBuilder, x: Value, to: DataType): Value => g.one('Cast', [x], { to: castCodes[to] });

function typeOfCode(code: unknown): DataType {
  const found = (Object.entries(castCodes) as [DataType, number][]).find(([, value]) => value === code);
  if (!found) throw new GraphError('Cast', `type code ${String(code)} is not supported`);
  return found[0];
}

/** Gradient of an operator that only rearranges: reshape back. */
const reshapeBack: OpDefinition['gradient'] = ({ builder: g, node, outputGradients: [dy] }) =>
  dy ? [g.one('Reshape', [dy, g.integers((node.inputs[0] as Value).shape)])] : [];

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
  return axes.map((given, index) => {
    const axis = positiveAxis('Slice', given, x.shape.length);
    const dim = x.shape[axis] as number;
    const step = steps[index] as number;
    if (step === 0) throw new GraphError('Slice', 'a step of 0', inputs);
    const clamp = (bound: number, low: number, high: number) =>
      Math.min(Math.max(bound < 0 ? bound + dim : bound, low), high);
    const start = step > 0 ? clamp(starts[index] as number, 0, dim) : clamp(starts[index] as number, 0, dim - 1);
    const end = step > 0 ? clamp(ends[index] as number, 0, dim) : clamp(ends[index] as number, -1, dim - 1);
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
  const covered = result.shape[axis] as number;
  return covered === dim ? result : pad(g, result, at(first), at(dim - first - covered));
}

export const layoutOps: readonly OpDefinition[] = [
  {
    op: 'Reshape',
    infer(inputs, _attributes, g) {
      const x = required('Reshape', inputs, 0);
      const asked = g.constantIntegers('Reshape', inputs[1]);
      const shape = asked.map((dim, axis) => (dim === 0 ? (x.shape[axis] ?? 0) : dim));
      const known = elements(shape.filter((dim) => dim !== -1));
      if (shape.includes(-1)) shape[shape.indexOf(-1)] = elements(x.shape) / known;
      if (elements(shape) !== elements(x.shape) || shape.some((dim) => !Number.isInteger(dim) || dim < 0)) {
        throw new GraphError('Reshape', `[${x.shape}] does not fit [${asked}]`, inputs);
      }
      return [{ type: x.type, shape }];
    },
    gradient: reshapeBack,
  },
  {
    op: 'Flatten',
    infer(inputs, { axis = 1 }) {
      const x = required('Flatten', inputs, 0);
      const at = Number(axis) < 0 ? Number(axis) + x.shape.length : Number(axis);
      return [{ type: x.type, shape: [elements(x.shape.slice(0, at)), elements(x.shape.slice(at))] }];
    },
    gradient: reshapeBack,
  },
  {
    op: 'Unsqueeze',
    infer(inputs, _attributes, g) {
      const x = required('Unsqueeze', inputs, 0);
      const axes = g.constantIntegers('Unsqueeze', inputs[1]);
      const rank = x.shape.length + axes.length;
      const places = new Set(axes.map((axis) => positiveAxis('Unsqueeze', axis, rank)));
      const rest = [...x.shape];
      return [
        {
          type: x.type,
          shape: Array.from({ length: rank }, (_, axis) => (places.has(axis) ? 1 : (rest.shift() as number))),
        },
      ];
    },
    gradient: reshapeBack,
  },
  {
    op: 'Squeeze',
    infer(inputs, _attributes, g) {
      const x = required('Squeeze', inputs, 0);
      const axes = inputs[1]
        ? g.constantIntegers('Squeeze', inputs[1]).map((axis) => positiveAxis('Squeeze', axis, x.shape.length))
        : x.shape.flatMap((dim, axis) => (dim === 1 ? [axis] : []));
      if (axes.some((axis) => x.shape[axis] !== 1)) throw new GraphError('Squeeze', 'an axis is not 1', inputs);
      return [{ type: x.type, shape: x.shape.filter((_, axis) => !axes.includes(axis)) }];
    },
    gradient: reshapeBack,
  },
  {
    op: 'Transpose',
    infer(inputs, attributes) {
      const x = required('Transpose', inputs, 0);
      const perm = (attributes.perm as number[] | undefined) ?? x.shape.map((_, axis) => x.shape.length - 1 - axis);
      if (perm.length !== x.shape.length || new Set(perm).size !== perm.length) {
        throw new GraphError('Transpose', `[${perm}] is no permutation of the axes`, inputs);
      }
      return [{ type: x.type, shape: perm.map((axis) => x.shape[axis] as number) }];
    },
    gradient({ builder: g, node, outputGradients: [dy] }) {
      const rank = (node.inputs[0] as Value).shape.length;
      const perm =
        (node.attributes.perm as number[] | undefined) ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
      const inverse = perm.map((_, axis) => perm.indexOf(axis));
      return dy ? [transpose(g, dy, inverse)] : [];
    },
  },
  {
    op: 'Concat',
    infer(inputs, attributes) {
      const values = inputs.map((_, index) => required('Concat', inputs, index));
      const first = required('Concat', inputs, 0);
      const axis = positiveAxis('Concat', Number(attributes.axis), first.shape.length);
      const rest = (shape: readonly number[]) => shape.filter((_, index) => index !== axis);
      for (const value of values) {
        if (value.type !== first.type || !sameShape(rest(value.shape), rest(first.shape))) {
          throw new GraphError('Concat', `inputs differ outside axis ${axis}`, inputs);
        }
      }
      const total = values.reduce((sum, value) => sum + (value.shape[axis] as number), 0);
      return [{ type: first.type, shape: first.shape.map((dim, index) => (index === axis ? total : dim)) }];
    },
    gradient({ builder: g, node, outputGradients: [dy] }) {
      if (!dy) return [];
      const axis = positiveAxis('Concat', Number(node.attributes.axis), dy.shape.length);
      return split(
        g,
        dy,
        axis,
        node.inputs.map((input) => (input as Value).shape[axis] as number),
      );
    },
  },
  {
    op: 'Split',
    infer(inputs, attributes, g) {
      const x = required('Split', inputs, 0);
      const axis = positiveAxis('Split', Number(attributes.axis ?? 0), x.shape.length);
      const sizes = g.constantIntegers('Split', inputs[1]);
      if (sizes.reduce((sum, size) => sum + size, 0) !== x.shape[axis]) {
        throw new GraphError('Split', `parts [${sizes}] do not add up to axis ${axis}`, inputs);
      }
      return sizes.map((size) => ({ type: x.type, shape: x.shape.map((dim, index) => (index === axis ? size : dim)) }));
    },
    gradient({ builder: g, node, outputGradients }) {
      if (outputGradients.every((dy) => !dy)) return [];
      const parts = node.outputs.map((output, index) => outputGradients[index] ?? g.filled(output.shape, 0));
      return [concat(g, parts, Number(node.attributes.axis ?? 0))];
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
      const x = node.inputs[0] as Value;
      if (elements(dy.shape) === 0) return [g.filled(x.shape, 0)];
      return [
        sliceRanges(g, node.inputs).reduce((dx, range) => unslice(g, dx, range, x.shape[range.axis] as number), dy),
      ];
    },
  },
  {
    op: 'Pad',
    infer(inputs, attributes, g) {
      const x = required('Pad', inputs, 0);
      if ((attributes.mode ?? 'constant') !== 'constant') throw new GraphError('Pad', 'only constant padding', inputs);
      const pads = g.constantIntegers('Pad', inputs[1]);
      const rank = x.shape.length;
      if (pads.length !== 2 * rank)
        throw new GraphError('Pad', `needs ${2 * rank} paddings, got ${pads.length}`, inputs);
      return [
        {
          type: x.type,
          shape: x.shape.map((dim, axis) => dim + (pads[axis] as number) + (pads[axis + rank] as number)),
        },
      ];
    },
    gradient({ builder: g, node, outputGradients: [dy] }) {
      if (!dy) return [];
      const x = node.inputs[0] as Value;
      const before = g.constantIntegers('Pad', node.inputs[1]).slice(0, x.shape.length);
      const axes = x.shape.map((_, axis) => axis);
      return [
        slice(
          g,
          dy,
          axes,
          before,
          x.shape.map((dim, axis) => dim + (before[axis] as number)),
        ),
      ];
    },
  },
  {
    op: 'Expand',
    infer(inputs, _attributes, g) {
      const x = required('Expand', inputs, 0);
      return [{ type: x.type, shape: broadcastShape('Expand', x.shape, g.constantIntegers('Expand', inputs[1])) }];
    },
    gradient: ({ builder: g, node, outputGradients: [dy] }) =>
      dy ? [unbroadcast(g, dy, (node.inputs[0] as Value).shape)] : [],
  },
  {
    op: 'DepthToSpace',
    infer(inputs, attributes) {
      const x = required('DepthToSpace', inputs, 0);
      const b = Number(attributes.blocksize);
      const [n, c, h, w] = x.shape as [number, number, number, number];
      if (x.shape.length !== 4 || c % (b * b) !== 0)
        throw new GraphError('DepthToSpace', `does not fit block ${b}`, inputs);
      return [{ type: x.type, shape: [n, c / (b * b), h * b, w * b] }];
    },
    gradient({ builder: g, node, outputGradients: [dy] }) {
      if (!dy) return [];
      if ((node.attributes.mode ?? 'DCR') !== 'DCR')
        throw new GraphError('DepthToSpace', 'the gradient knows mode DCR');
      return [spaceToDepth(g, dy, Number(node.attributes.blocksize))];
    },
  },
  {
    op: 'SpaceToDepth',
    infer(inputs, attributes) {
      const x = required('SpaceToDepth', inputs, 0);
      const b = Number(attributes.blocksize);
      const [n, c, h, w] = x.shape as [number, number, number, number];
      if (x.shape.length !== 4 || h % b || w % b)
        throw new GraphError('SpaceToDepth', `does not fit block ${b}`, inputs);
      return [{ type: x.type, shape: [n, c * b * b, h / b, w / b] }];
    },
    gradient: ({ builder: g, node, outputGradients: [dy] }) =>
      dy ? [depthToSpace(g, dy, Number(node.attributes.blocksize))] : [],
  },
  {
    op: 'Cast',
    infer: (inputs, attributes) => [{ type: typeOfCode(attributes.to), shape: required('Cast', inputs, 0).shape }],
    gradient({ builder: g, node, outputGradients: [dy] }) {
      const x = node.inputs[0] as Value;
      const flows = dy && (x.type === 'float32' || x.type === 'float16');
      return flows ? [cast(g, dy, x.type)] : [];
    },
  },
];
