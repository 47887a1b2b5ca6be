/** Reverse-mode differentiation (Griewank and Walther 2008): adds the nodes that compute a gradient to the graph itself. */
import { elements, GraphError, type Node, type Value } from './graph.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { definitionOf } from './registry.ts';

export interface GradientOptions {
  /**
   * Activation checkpointing (Chen et al. 2016): the forward pass is cut into this many parts of equal size; what lies inside a part is
   * computed a second time when its gradient comes, and not kept until then. One more forward pass for memory that falls towards what the
   * cuts and one part take. 1 keeps everything.
   */
  readonly segments?: number;
}

/**
 * Gradients of a scalar loss with respect to `targets` (parameters, inputs or any value on the way).
 *
 * @returns one value per target, of the target's shape; zeros where the loss does not depend on it.
 * @throws GraphError naming the operator when one on the way has no gradient rule.
 */
export function gradients(
  g: GraphBuilder,
  loss: Value,
  targets: readonly Value[],
  { segments = 1 }: GradientOptions = {},
): Value[] {
  if (elements(loss.shape) !== 1) throw new GraphError('Gradient', 'the loss must be a single number', [loss]);
  const forward = [...g.nodes];
  const wanted = reaches(forward, targets);
  const adjoints = new Map<string, Value>([[loss.name, g.filled(loss.shape, 1)]]);

  for (const [part, nodes] of cut(forward, segments).reverse().entries()) {
    // The last part is still at hand when its gradient comes.
    const seenAgain = part === 0 ? undefined : computedAgain(g, nodes, adjoints);
    for (const node of nodes.reverse()) {
      const outputGradients = node.outputs.map((output) => adjoints.get(output.name));
      const flows = node.inputs.some((input) => input && wanted.has(input.name));
      if (!flows || outputGradients.every((gradient) => !gradient)) continue;
      const definition = definitionOf(node.op, node.domain);
      if (definition?.stopsGradient) continue;
      if (!definition?.gradient) throw new GraphError(node.op, 'no gradient rule for this operator', node.inputs);
      const wants = (index: number): boolean => wanted.has(node.inputs[index]?.name ?? '');
      const seen = seenAgain?.(node) ?? node;
      const results = definition.gradient({ builder: g, node: seen, outputGradients, wants });
      node.inputs.forEach((input, index) => {
        const gradient = results[index];
        if (!input || !wanted.has(input.name)) return;
        if (gradient) accumulate(g, adjoints, input, gradient);
        // Whole numbers and conditions take no gradient; a real number without one would be a silent zero.
        else if (input.type === 'float32' || input.type === 'float16') {
          throw new GraphError(node.op, `no gradient rule for input ${index}`, node.inputs);
        }
      });
    }
  }
  const found = targets.map((target) => adjoints.get(target.name) ?? g.filled(target.shape, 0));
  if (segments > 1) dropUnused(g, forward.length, found);
  return found;
}

/** Runs of nodes that make about equally many numbers. */
function cut(nodes: readonly Node[], segments: number): Node[][] {
  const size = ({ outputs }: Node) => outputs.reduce((sum, { shape }) => sum + elements(shape), 0);
  const total = nodes.reduce((sum, node) => sum + size(node), 0);
  const parts: Node[][] = [[]];
  let made = 0;
  for (const node of nodes) {
    if (made >= (total * parts.length) / segments && parts.length < segments) parts.push([]);
    parts.at(-1)!.push(node);
    made += size(node);
  }
  return parts;
}

/** A part of the forward pass once more, and each of its nodes as if it stood there. */
function computedAgain(
  g: GraphBuilder,
  nodes: readonly Node[],
  adjoints: ReadonlyMap<string, Value>,
): (node: Node) => Node {
  const incoming = nodes.flatMap(({ outputs }) => outputs.flatMap(({ name }) => adjoints.get(name) ?? []))[0];
  if (!incoming) return (node) => node;
  // Zero, but nobody can know before the gradient is there: the runtime must wait for it, and cannot merge the second pass with the first.
  const sum = g.one('ReduceSum', [incoming], { keepdims: 0 });
  const zero = g.one('Mul', [sum, g.scalar(0)]);
  const again = new Map<string, Value>();
  const seen = (value: Value | undefined): Value | undefined => {
    if (!value) return undefined;
    const known = again.get(value.name);
    if (known) return known;
    const isGiven = g.constants.has(value.name) || g.parameters.has(value.name) || value.type !== 'float32';
    if (isGiven) return value;
    const held = g.one('Add', [value, zero]);
    again.set(value.name, held);
    return held;
  };
  const copies = new Map<Node, Node>();
  for (const node of nodes) {
    const inputs = node.inputs.map(seen);
    const outputs = g.apply(node.op, inputs, node.attributes, node.domain).slice(0, node.outputs.length);
    for (const [i, output] of outputs.entries()) again.set(node.outputs[i]!.name, output);
    copies.set(node, { ...node, inputs, outputs });
  }
  return (node) => copies.get(node) ?? node;
}

/** Takes nodes from `start` on out of the graph whose outputs nobody reads: what was computed again for nothing. */
function dropUnused(g: GraphBuilder, start: number, kept: readonly Value[]): void {
  const used = new Set(kept.map(({ name }) => name));
  for (let at = g.nodes.length - 1; at >= start; at--) {
    const node = g.nodes[at]!;
    if (node.outputs.some(({ name }) => used.has(name))) {
      for (const input of node.inputs) if (input) used.add(input.name);
    } else {
      g.nodes.splice(at, 1);
    }
  }
}

/** Names of all values that depend on a target. */
function reaches(nodes: readonly Node[], targets: readonly Value[]): Set<string> {
  const names = new Set(targets.map((target) => target.name));
  for (const node of nodes) {
    if (definitionOf(node.op, node.domain)?.stopsGradient) continue;
    if (node.inputs.some((input) => input && names.has(input.name))) {
      for (const output of node.outputs) names.add(output.name);
    }
  }
  return names;
}

function accumulate(g: GraphBuilder, adjoints: Map<string, Value>, input: Value, gradient: Value): void {
  if (gradient.shape.join() !== input.shape.join()) {
    throw new GraphError('Gradient', `of ${input.name} came out as [${gradient.shape}], not [${input.shape}]`);
  }
  const known = adjoints.get(input.name);
  adjoints.set(input.name, known ? g.one('Add', [known, gradient]) : gradient);
}
