/**
 * Builds an ONNX graph node by node. Every operator checks its inputs and infers its output shapes at once, so that a mistake
 * is reported where it is made.
 */
import {
  type ConstantTensor,
  type DataType,
  elements,
  GraphError,
  type Initializer,
  type Node,
  type Parameter,
  sameShape,
  type TensorData,
  type Value,
} from './graph.ts';
import { definitionOf } from './registry.ts';

export class GraphBuilder {
  readonly nodes: Node[] = [];
  readonly inputs: Value[] = [];
  readonly outputs: { readonly name: string; readonly value: Value }[] = [];
  readonly parameters = new Map<string, Parameter>();
  readonly constants = new Map<string, ConstantTensor>();
  readonly #shared = new Map<string, Value>();
  readonly #prefix: string;
  #counter = 0;

  /** @param prefix of generated names, so that they cannot meet those of a file that is read in. */
  constructor(prefix = '') {
    this.#prefix = prefix;
  }

  /** Declares an input of the graph. */
  input(name: string, shape: readonly number[], type: DataType = 'float32'): Value {
    const value: Value = { name, type, shape };
    this.inputs.push(value);
    return value;
  }

  /** Declares a trainable parameter, or returns the one of that name: two uses share their weights. */
  parameter(name: string, shape: readonly number[], initializer: Initializer): Value {
    const known = this.parameters.get(name);
    if (known) {
      if (!sameShape(known.value.shape, shape)) {
        throw new GraphError('Parameter', `${name} was declared as [${known.value.shape}] and now as [${shape}]`);
      }
      return known.value;
    }
    const value: Value = { name, type: 'float32', shape };
    this.parameters.set(name, { value, initializer });
    return value;
  }

  constant(tensor: ConstantTensor): Value {
    if (elements(tensor.shape) !== tensor.data.length) {
      throw new GraphError('Constant', `${tensor.data.length} elements do not fill [${tensor.shape}]`);
    }
    const value: Value = { name: this.#fresh('constant'), type: tensor.type, shape: tensor.shape };
    this.constants.set(value.name, tensor);
    return value;
  }

  /** A float32 scalar; equal numbers share one constant. */
  scalar(value: number): Value {
    return this.#sharedConstant(`f${value}`, { type: 'float32', shape: [], data: new Float32Array([value]) });
  }

  /** A list of int64 (axes, shapes, starts …); equal lists share one constant. */
  integers(values: readonly number[]): Value {
    const data = new BigInt64Array(values.map(BigInt));
    return this.#sharedConstant(`i${values.join(',')}`, { type: 'int64', shape: [values.length], data });
  }

  /** A float32 tensor filled with one number. */
  filled(shape: readonly number[], value: number): Value {
    const data = new Float32Array(elements(shape)).fill(value);
    return this.#sharedConstant(`s${shape.join(',')}:${value}`, { type: 'float32', shape, data });
  }

  /** The data of a value that is known while building (shape arguments, axes). */
  constantData(value: Value | undefined): TensorData | undefined {
    return value ? this.constants.get(value.name)?.data : undefined;
  }

  /** The integers of a constant argument. @throws GraphError when the value is not constant. */
  constantIntegers(op: string, value: Value | undefined): number[] {
    const data = this.constantData(value);
    if (!data) throw new GraphError(op, `argument ${value?.name ?? '(absent)'} must be a constant`);
    return Array.from(data as ArrayLike<number | bigint>, Number);
  }

  /** Appends one operator and returns its outputs. @throws GraphError when the inputs do not fit. */
  apply(op: string, inputs: readonly (Value | undefined)[], attributes: Node['attributes'] = {}, domain = ''): Value[] {
    const definition = definitionOf(op, domain);
    if (!definition) throw new GraphError(op, 'this operator is not known', inputs);
    const outputs = definition
      .infer(inputs, attributes, this)
      .map(({ type, shape }): Value => ({ name: this.#fresh(op), type, shape }));
    this.nodes.push({ op, domain, inputs, outputs, attributes });
    return outputs;
  }

  /** `apply` for operators with one output. */
  one(op: string, inputs: readonly (Value | undefined)[], attributes: Node['attributes'] = {}, domain = ''): Value {
    const [first] = this.apply(op, inputs, attributes, domain);
    if (!first) throw new GraphError(op, 'has no output', inputs);
    return first;
  }

  /**
   * Appends a node with named outputs, as a reader of .onnx files does; shapes are inferred and checked all the same. Outputs
   * that the node leaves out at the end are absent, those it leaves unnamed get a name.
   */
  appendNamed(
    op: string,
    inputs: readonly (Value | undefined)[],
    attributes: Node['attributes'],
    domain: string,
    outputNames: readonly string[],
  ): Value[] {
    const definition = definitionOf(op, domain);
    if (!definition) throw new GraphError(op, 'this operator is not known', inputs);
    const outputs = definition
      .infer(inputs, attributes, this)
      .slice(0, outputNames.length)
      .map(({ type, shape }, index): Value => ({ name: outputNames[index] || this.#fresh(op), type, shape }));
    this.nodes.push({ op, domain, inputs, outputs, attributes });
    return outputs;
  }

  /** Registers a constant under its own name, as a reader of .onnx files does. */
  namedConstant(name: string, tensor: ConstantTensor): Value {
    this.constants.set(name, tensor);
    return { name, type: tensor.type, shape: tensor.shape };
  }

  output(name: string, value: Value): void {
    this.outputs.push({ name, value });
  }

  #sharedConstant(key: string, tensor: ConstantTensor): Value {
    const known = this.#shared.get(key);
    if (known) return known;
    const value = this.constant(tensor);
    this.#shared.set(key, value);
    return value;
  }

  #fresh(stem: string): string {
    this.#counter += 1;
    return `${this.#prefix}${stem}_${this.#counter}`;
  }
}
