/** A part of an .onnx file as a model of its own. */
import { GraphError } from '#onnx/graph.ts';
import type { ModelMessage } from './proto.ts';

/** The model with what these outputs depend on and nothing else, inputs among it. @throws GraphError for an output that it does not have */
export function pruned(model: ModelMessage, outputs: readonly string[]): ModelMessage {
  const { graph } = model;
  const kept = (graph?.output ?? []).filter(({ name }) => outputs.includes(name));
  const missing = outputs.find((name) => !kept.some((output) => output.name === name));
  if (missing !== undefined) throw new GraphError('Model', `there is no output ${missing}`);
  const wanted = new Set(outputs);
  const node = (graph?.node ?? [])
    .toReversed()
    .filter((each) => {
      if (!each.output?.some((name) => wanted.has(name))) return false;
      for (const name of each.input ?? []) wanted.add(name);
      return true;
    })
    .reverse();
  return {
    ...model,
    graph: {
      ...graph,
      node,
      initializer: (graph?.initializer ?? []).filter(({ name = '' }) => wanted.has(name)),
      input: (graph?.input ?? []).filter(({ name }) => wanted.has(name)),
      output: kept,
    },
  };
}
