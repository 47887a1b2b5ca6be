/** What the smith knows about one operator: its output shapes, and its gradient as more nodes of the same graph. */
import type { DataType, Node, Value } from './graph.ts';
import type { GraphBuilder } from './graph-builder.ts';

export interface OutputShape {
  readonly type: DataType;
  readonly shape: readonly number[];
}

export interface GradientContext {
  readonly builder: GraphBuilder;
  readonly node: Node;
  /** Gradient of the loss with respect to each output; undefined where none flows. */
  readonly outputGradients: readonly (Value | undefined)[];
  /** Whether anything upstream of this input wants a gradient: skip the work when not. */
  readonly wants: (input: number) => boolean;
}

export interface OpDefinition {
  readonly op: string;
  /** @throws GraphError when the inputs do not fit. */
  infer(
    inputs: readonly (Value | undefined)[],
    attributes: Node['attributes'],
    builder: GraphBuilder,
  ): readonly OutputShape[];
  /** One gradient per input; undefined where none is wanted or the input takes none. Absent: the op has no gradient rule. */
  gradient?(context: GradientContext): readonly (Value | undefined)[];
  /** True for operators whose outputs are piecewise constant: no gradient flows, and that is no error. */
  readonly stopsGradient?: boolean;
}
