/** Counts the arithmetic of a graph, for benchmarks. */
import { elements, type Node, type Value } from './graph.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** Floating-point operations (a multiply-add is two) of all products and convolutions; element-wise work is not counted. */
export function countFlops(g: GraphBuilder): number {
  return g.nodes.reduce((sum, node) => sum + flopsOf(node), 0);
}

function flopsOf(node: Node): number {
  const [a, b] = node.inputs as [Value, Value];
  const output = node.outputs[0]!;
  switch (node.op) {
    case 'MatMul':
      return 2 * elements(output.shape) * a.shape.at(-1)!;
    case 'Gemm':
      return 2 * elements(output.shape) * (node.attributes.transA ? a.shape[0] : a.shape[1])!;
    case 'Conv':
      return 2 * elements(output.shape) * elements(b.shape.slice(1));
    case 'ConvTranspose':
      return 2 * elements(a.shape) * elements(b.shape.slice(1));
    default:
      return 0;
  }
}
