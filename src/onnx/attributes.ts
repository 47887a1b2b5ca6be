/** Reading the attributes of a node with ONNX's defaults. They may come from a file, so their kind is checked. */
import { GraphError, type Node } from './graph.ts';

type Attributes = Node['attributes'];

/** @throws GraphError naming the operator when the attribute is no number. */
export function floatAttribute(op: string, attributes: Attributes, name: string, fallback: number): number {
  const value = attributes[name];
  if (value === undefined) return fallback;
  if (typeof value === 'number') return value;
  if (typeof value === 'object' && 'float' in value) return value.float;
  throw new GraphError(op, `attribute ${name} must be a number`);
}

/** @throws GraphError naming the operator when the attribute is no integer. */
export function integerAttribute(op: string, attributes: Attributes, name: string, fallback: number): number {
  const value = attributes[name] ?? fallback;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new GraphError(op, `attribute ${name} must be an integer`);
  }
  return value;
}

/** @throws GraphError naming the operator when the attribute is no list of integers. */
export function integersAttribute(
  op: string,
  attributes: Attributes,
  name: string,
  fallback: readonly number[],
): readonly number[] {
  const value = attributes[name] ?? fallback;
  if (!Array.isArray(value)) throw new GraphError(op, `attribute ${name} must be a list of integers`);
  return value;
}

/** @throws GraphError naming the operator and what is allowed. */
export function choiceAttribute<Choice extends string>(
  op: string,
  attributes: Attributes,
  name: string,
  allowed: readonly [Choice, ...Choice[]],
): Choice {
  const value = attributes[name] ?? allowed[0];
  const found = allowed.find((choice) => choice === value);
  if (found === undefined) {
    throw new GraphError(op, `attribute ${name} is ${JSON.stringify(value)}; supported: ${allowed.join(', ')}`);
  }
  return found;
}
