/** Looking up and scattering by index. */
import { integerAttribute } from '#onnx/attributes.ts';
import { GraphError, positiveAxis, type Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import type { OpDefinition } from '#onnx/op-definition.ts';
import { required } from './arithmetic.ts';
import { cast, transpose, unsqueeze } from './layout.ts';

export const gather = (g: GraphBuilder, x: Value, indices: Value, axis = 0): Value =>
  g.one('Gather', [x, indices], { axis });
const gatherNd = (g: GraphBuilder, x: Value, indices: Value): Value => g.one('GatherND', [x, indices]);
/** Index of the largest number along the last axis, int64; the first of equals. */
export const argMax = (g: GraphBuilder, x: Value): Value => g.one('ArgMax', [x], { axis: -1, keepdims: 0 });
/** Adds `updates` to `base` at the places that the last axis of `indices` (int64) names; repeated places add up. */
export const scatterAdd = (g: GraphBuilder, base: Value, indices: Value, updates: Value): Value =>
  g.one('ScatterND', [base, indices, updates], { reduction: 'add' });

const int64 = (g: GraphBuilder, indices: Value): Value =>
  indices.type === 'int64' ? indices : cast(g, indices, 'int64');

/** How many axes of the data the last axis of `indices` names. */
function indexDepth(op: string, inputs: readonly (Value | undefined)[], data: Value, indices: Value): number {
  const depth = indices.shape.at(-1);
  if (indices.type !== 'int64') throw new GraphError(op, 'needs int64 indices', inputs);
  if (depth === undefined || depth < 1 || depth > data.shape.length) {
    throw new GraphError(op, `the last axis of the indices must be from 1 to ${data.shape.length}`, inputs);
  }
  return depth;
}

export const indexingOps: readonly OpDefinition[] = [
  {
    op: 'ArgMax',
    stopsGradient: true,
    infer(inputs, attributes) {
      const x = required('ArgMax', inputs, 0);
      const axis = positiveAxis('ArgMax', integerAttribute('ArgMax', attributes, 'axis', 0), x.shape.length);
      const kept = integerAttribute('ArgMax', attributes, 'keepdims', 1) !== 0;
      return [{ type: 'int64', shape: x.shape.flatMap((dim, at) => (at !== axis ? [dim] : kept ? [1] : [])) }];
    },
  },
  {
    op: 'Gather',
    infer(inputs, attributes) {
      const x = required('Gather', inputs, 0);
      const indices = required('Gather', inputs, 1);
      if (indices.type !== 'int32' && indices.type !== 'int64')
        throw new GraphError('Gather', 'needs integer indices', inputs);
      const axis = positiveAxis('Gather', integerAttribute('Gather', attributes, 'axis', 0), x.shape.length);
      return [{ type: x.type, shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)] }];
    },
    gradient({ builder: g, node, outputGradients: [dy] }) {
      if (!dy) return [];
      const [x, indices] = node.inputs as [Value, Value];
      const axis = positiveAxis('Gather', integerAttribute('Gather', node.attributes, 'axis', 0), x.shape.length);
      const span = indices.shape.length;
      // Bring the gathered axes to the front, scatter along axis 0, and put the axis back.
      const order = dy.shape.map((_, index) => index);
      const gathered = order.slice(axis, axis + span);
      const front = [...gathered, ...order.filter((index) => !gathered.includes(index))];
      const moved = axis === 0 ? dy : transpose(g, dy, front);
      const shape = [x.shape[axis]!, ...x.shape.filter((_, index) => index !== axis)];
      const sum = scatterAdd(g, g.filled(shape, 0), unsqueeze(g, int64(g, indices), [span]), moved);
      if (axis === 0) return [sum];
      const back = x.shape.map((_, index) => (index === axis ? 0 : index < axis ? index + 1 : index));
      return [transpose(g, sum, back)];
    },
  },
  {
    op: 'GatherND',
    infer(inputs, attributes) {
      const x = required('GatherND', inputs, 0);
      const indices = required('GatherND', inputs, 1);
      if (integerAttribute('GatherND', attributes, 'batch_dims', 0) !== 0) {
        throw new GraphError('GatherND', 'batch_dims are not supported', inputs);
      }
      const depth = indexDepth('GatherND', inputs, x, indices);
      return [{ type: x.type, shape: [...indices.shape.slice(0, -1), ...x.shape.slice(depth)] }];
    },
    gradient({ builder: g, node, outputGradients: [dy] }) {
      const [x, indices] = node.inputs as [Value, Value];
      return dy ? [scatterAdd(g, g.filled(x.shape, 0), indices, dy)] : [];
    },
  },
  {
    op: 'ScatterND',
    infer(inputs, attributes) {
      const base = required('ScatterND', inputs, 0);
      const indices = required('ScatterND', inputs, 1);
      const updates = required('ScatterND', inputs, 2);
      if (attributes.reduction !== 'add')
        throw new GraphError('ScatterND', 'only reduction "add" is supported', inputs);
      const depth = indexDepth('ScatterND', inputs, base, indices);
      const expected = [...indices.shape.slice(0, -1), ...base.shape.slice(depth)];
      if (expected.join() !== updates.shape.join() || updates.type !== base.type) {
        throw new GraphError('ScatterND', `updates must be ${base.type}[${expected}]`, inputs);
      }
      return [{ type: base.type, shape: base.shape }];
    },
    gradient({ builder: g, node, outputGradients: [dy], wants }) {
      if (!dy) return [];
      return [dy, undefined, wants(2) ? gatherNd(g, dy, node.inputs[1]!) : undefined];
    },
  },
];
