/** Operators that rearrange numbers; their cutting and joining kin have rules in cutting.ts. */
import { choiceAttribute, integerAttribute, integersAttribute } from '#onnx/attributes.ts';
import { typeCodes, typeOf } from '#onnx/file/tensor-codec.ts';
import { type DataType, elements, GraphError, type Node, positiveAxis, type Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import type { OpDefinition } from '#onnx/op-definition.ts';
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
/** (N, C·b², H, W) → (N, C, H·b, W·b). */
export const depthToSpace = (g: GraphBuilder, x: Value, blocksize: number): Value =>
  g.one('DepthToSpace', [x], { blocksize, mode: 'DCR' });
/**
 * (N, C, H·b, W·b) → (N, C·b², H, W). In parts, for ONNX Runtime's WebGPU provider has no SpaceToDepth (1.30): it would send the numbers to the
 * processor and back, and wait for them, in every pass.
 */
export function spaceToDepth(g: GraphBuilder, x: Value, blocksize: number): Value {
  const b = blocksize;
  const [n, c, height, width] = x.shape as [number, number, number, number];
  const [h, w] = [height / b, width / b];
  const blocks = reshape(g, x, [n, c, h, b, w, b]);
  return reshape(g, transpose(g, blocks, [0, 3, 5, 1, 2, 4]), [n, c * b * b, h, w]);
}

export const cast = (g: GraphBuilder, x: Value, to: DataType): Value => g.one('Cast', [x], { to: typeCodes[to] });

/** Gradient of an operator that only rearranges: reshape back. */
const reshapeBack: OpDefinition['gradient'] = ({ builder: g, node, outputGradients: [dy] }) =>
  dy ? [g.one('Reshape', [dy, g.integers(node.inputs[0]!.shape)])] : [];

/** The axes in their new order; reversed by default. */
function permutationOf(inputs: readonly (Value | undefined)[], attributes: Node['attributes']): readonly number[] {
  const { shape } = required('Transpose', inputs, 0);
  const reversed = shape.map((_, axis) => shape.length - 1 - axis);
  const perm = integersAttribute('Transpose', attributes, 'perm', reversed);
  if (perm.toSorted((a, b) => a - b).join() !== reversed.toReversed().join()) {
    throw new GraphError('Transpose', `[${perm}] is no permutation of the axes`, inputs);
  }
  return perm;
}

/** Block size of DepthToSpace and SpaceToDepth. */
function blockOf(op: string, inputs: readonly (Value | undefined)[], attributes: Node['attributes']): number {
  const b = integerAttribute(op, attributes, 'blocksize', 0);
  if (required(op, inputs, 0).shape.length !== 4 || b < 1) {
    throw new GraphError(op, `works on (N, C, H, W) with a positive block, not ${b}`, inputs);
  }
  return b;
}

export const layoutOps: readonly OpDefinition[] = [
  {
    op: 'Reshape',
    infer(inputs, attributes, g) {
      const x = required('Reshape', inputs, 0);
      const asked = g.constantIntegers('Reshape', inputs[1]);
      if (integerAttribute('Reshape', attributes, 'allowzero', 0) !== 0) {
        throw new GraphError('Reshape', 'allowzero is not supported', inputs);
      }
      const shape = asked.map((dim, axis) => (dim === 0 ? (x.shape[axis] ?? Number.NaN) : dim));
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
          shape: Array.from({ length: rank }, (_, axis) => (places.has(axis) ? 1 : rest.shift()!)),
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
      return [{ type: x.type, shape: permutationOf(inputs, attributes).map((axis) => x.shape[axis]!) }];
    },
    gradient({ builder: g, node, outputGradients: [dy] }) {
      const perm = permutationOf(node.inputs, node.attributes);
      const inverse = perm.map((_, axis) => perm.indexOf(axis));
      return dy ? [transpose(g, dy, inverse)] : [];
    },
  },
  {
    op: 'Expand',
    infer(inputs, _attributes, g) {
      const x = required('Expand', inputs, 0);
      return [{ type: x.type, shape: broadcastShape('Expand', x.shape, g.constantIntegers('Expand', inputs[1])) }];
    },
    gradient: ({ builder: g, node, outputGradients: [dy] }) => (dy ? [unbroadcast(g, dy, node.inputs[0]!.shape)] : []),
  },
  {
    op: 'DepthToSpace',
    infer(inputs, attributes) {
      const b = blockOf('DepthToSpace', inputs, attributes);
      const x = required('DepthToSpace', inputs, 0);
      const [n, c, h, w] = x.shape as [number, number, number, number];
      choiceAttribute('DepthToSpace', attributes, 'mode', ['DCR', 'CRD']);
      if (c % (b * b) !== 0) throw new GraphError('DepthToSpace', `${c} channels do not fill blocks of ${b}`, inputs);
      return [{ type: x.type, shape: [n, c / (b * b), h * b, w * b] }];
    },
    gradient({ builder: g, node, outputGradients: [dy] }) {
      if (!dy) return [];
      const b = blockOf('DepthToSpace', node.inputs, node.attributes);
      if ((node.attributes.mode ?? 'DCR') === 'DCR') return [spaceToDepth(g, dy, b)];
      const x = node.inputs[0]!;
      const [n, c, h, w] = x.shape as [number, number, number, number];
      const split = g.one('Reshape', [dy, g.integers([n, c / (b * b), h, b, w, b])]);
      return [g.one('Reshape', [transpose(g, split, [0, 1, 3, 5, 2, 4]), g.integers(x.shape)])];
    },
  },
  {
    op: 'SpaceToDepth',
    infer(inputs, attributes) {
      const b = blockOf('SpaceToDepth', inputs, attributes);
      const x = required('SpaceToDepth', inputs, 0);
      const [n, c, h, w] = x.shape as [number, number, number, number];
      if (h % b || w % b) throw new GraphError('SpaceToDepth', `${h} × ${w} is no multiple of ${b}`, inputs);
      return [{ type: x.type, shape: [n, c * b * b, h / b, w / b] }];
    },
    gradient: ({ builder: g, node, outputGradients: [dy] }) =>
      dy ? [depthToSpace(g, dy, blockOf('SpaceToDepth', node.inputs, node.attributes))] : [],
  },
  {
    op: 'Cast',
    infer: (inputs, attributes) => [{ type: typeOf(attributes.to, 'Cast'), shape: required('Cast', inputs, 0).shape }],
    gradient({ builder: g, node, outputGradients: [dy] }) {
      const x = node.inputs[0]!;
      const flows = dy && (x.type === 'float32' || x.type === 'float16');
      return flows ? [cast(g, dy, x.type)] : [];
    },
  },
];
