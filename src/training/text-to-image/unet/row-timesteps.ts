/** Exporters give a UNet one timestep for all pictures of a batch, and the graph spreads it. Training wants one for each. */
import type { ModelMessage, NodeMessage } from '#onnx/file/proto.ts';
import { attributeType } from '#onnx/file/proto.ts';
import { typeCodes } from '#onnx/file/tensor-codec.ts';

const INPUT = 'timestep';
/** What a timestep goes through on its way to the node that spreads it. */
const PASSING = new Set(['Cast', 'Identity', 'Reshape', 'Unsqueeze']);

/** The model with a timestep for each row where it took one and spreads it with an Expand; else the model itself. */
export function rowTimesteps(model: ModelMessage): ModelMessage {
  const { graph } = model;
  const input = graph?.input?.find(({ name }) => name === INPUT);
  const dim = input?.type?.tensorType?.shape?.dim ?? [];
  const takesOne = dim.length === 0 || (dim.length === 1 && Number(dim[0]!.dimValue) === 1);
  const spread = takesOne && spreadOf(graph?.node ?? []);
  if (!input || !spread) return model;
  const elemType = input.type?.tensorType?.elemType;
  const rows = {
    name: INPUT,
    type: { tensorType: { ...(elemType && { elemType }), shape: { dim: [{ dimParam: 'timesteps' }] } } },
  };
  const direct: NodeMessage = {
    opType: 'Cast',
    input: [INPUT],
    output: spread.output ?? [],
    attribute: [{ name: 'to', i: typeCodes.float32, type: attributeType.int }],
  };
  return {
    ...model,
    graph: {
      ...graph,
      input: (graph?.input ?? []).map((each) => (each === input ? rows : each)),
      node: (graph?.node ?? []).map((each) => (each === spread ? direct : each)),
    },
  };
}

function spreadOf(nodes: readonly NodeMessage[]): NodeMessage | undefined {
  const known = new Set([INPUT]);
  for (const node of nodes) {
    const [first = '', ...rest] = node.input ?? [];
    if (!known.has(first) || rest.some((name) => known.has(name))) continue;
    if (node.opType === 'Expand') return node;
    if (PASSING.has(node.opType)) for (const name of node.output ?? []) known.add(name);
  }
  return undefined;
}
