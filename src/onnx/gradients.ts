/** Reverse-mode differentiation (Griewank and Walther 2008): adds the nodes that compute a gradient to the graph itself. */
import { elements, GraphError, type Node, type Value } from './graph.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { definitionOf } from './registry.ts';

/**
 * Gradients of a scalar loss with respect to `targets` (parameters, inputs or any value on the way).
 *
 * @returns one value per target, of the target's shape; zeros where the loss does not depend on it.
 * @throws GraphError naming the operator when one on the way has no gradient rule.
 */
export function gradients(g: GraphBuilder, loss: Value, targets: readonly Value[]): Value[] {
  if (elements(loss.shape) !== 1) throw new GraphError('Gradient', 'the loss must be a single number', [loss]);
  const forward = [...g.nodes];
  const wanted = reaches(forward, targets);
  const adjoints = new Map<string, Value>([[loss.name, g.filled(loss.shape, 1)]]);

  for (const node of forward.reverse()) {
    const outputGradients = node.outputs.map((output) => adjoints.get(output.name));
    const flows = node.inputs.some((input) => input && wanted.has(input.name));
    if (!flows || outputGradients.every((gradient) => !gradient)) continue;
    const definition = definitionOf(node.op, node.domain);
    if (definition?.stopsGradient) continue;
    if (!definition?.gradient) throw new GraphError(node.op, 'no gradient rule for this operator', node.inputs);
    const wants = (index: number): boolean => wanted.has(node.inputs[index]?.name ?? '');
    const results = definition.gradient({ builder: g, node, outputGradients, wants });
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
  return targets.map((target) => adjoints.get(target.name) ?? g.filled(target.shape, 0));
}

/** Treats a value as a constant of the loss: nothing flows back through it. */
export function stopGradient(g: GraphBuilder, value: Value): Value {
  return g.one('StopGradient', [value], {}, 'sgraffito');
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
