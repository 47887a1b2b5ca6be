/** The vocabulary of an ONNX graph: values, nodes, attributes. Shapes are known when a graph is built. */

export type DataType = 'float32' | 'float16' | 'int32' | 'int64' | 'uint8' | 'bool';

export type TensorData = Float32Array | Uint16Array | Int32Array | BigInt64Array | Uint8Array;

/** A handle to the output of a node, an input, a parameter or a constant of one graph. */
export interface Value {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly number[];
}

export type Attribute = number | string | readonly number[] | { readonly float: number } | ConstantTensor;

export interface ConstantTensor {
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export interface Node {
  readonly op: string;
  /** Operator set; '' is ONNX's own. */
  readonly domain: string;
  /** `undefined` where an optional input is left out. */
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** How a parameter starts. `normal` and `uniform` draw from the trainer's seeded generator. */
export type Initializer =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'uniform'; readonly bound: number };

export interface Parameter {
  readonly value: Value;
  readonly initializer: Initializer;
}

/** A fault in how a graph is put together: names the operator and the shapes it was given. */
export class GraphError extends Error {
  readonly op: string;
  constructor(op: string, message: string, inputs: readonly (Value | undefined)[] = []) {
    const shapes = inputs.map((value) => (value ? `${value.name}: ${value.type}[${value.shape.join(', ')}]` : '–'));
    super(`${op}: ${message}${shapes.length > 0 ? ` (inputs ${shapes.join('; ')})` : ''}`);
    this.name = 'GraphError';
    this.op = op;
  }
}

/** Number of elements of a shape. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** Turns a negative axis into a positive one. @throws GraphError when it is out of range. */
export function positiveAxis(op: string, axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(positive) || positive < 0 || positive >= rank) {
    throw new GraphError(op, `axis ${axis} is out of range for rank ${rank}`);
  }
  return positive;
}
