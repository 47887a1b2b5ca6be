/**
 * Exports of PyTorch carry the arithmetic of their shapes along (Shape → Gather → Concat → Reshape). With every size fixed it is constant,
 * and ONNX Runtime folds it; what is left is a graph that can be differentiated. Weights are kept out of it as inputs: the runtime then
 * sees a few megabytes whatever the model's size, and they keep their names.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { decodeModel, learnable } from '#onnx/file/onnx-reader.ts';
import { type ModelMessage, ModelProto, type TensorMessage, type ValueInfoMessage } from '#onnx/file/proto.ts';

const FLOAT = 1;
/**
 * Not applied: it names the constants that it makes after nothing in the graph, and so again when the runtime opens the training step that
 * is made of this one: "Attempt to replace the existing tensor".
 */
const UNTRIED = 'MatMulAddFusion';
const SHAPE_OPS = new Set(['Shape', 'ConstantOfShape', 'Range', 'Size']);

/**
 * @param dimensions sizes of all named dimensions of the inputs
 * @returns the model itself where it has no such arithmetic
 * @throws Error of the runtime when the model is damaged or a size does not fit
 */
export async function foldShapes(
  model: ModelMessage,
  dimensions: Readonly<Record<string, number>>,
): Promise<ModelMessage> {
  const { graph } = model;
  if (!graph?.node?.some(({ opType }) => SHAPE_OPS.has(opType))) return model;
  const names = learnable(model);
  const isWeight = ({ name = '' }: TensorMessage) => names.has(name);
  const weights = new Map((graph.initializer ?? []).filter(isWeight).map((tensor) => [tensor.name ?? '', tensor]));
  const inputs = (graph.input ?? []).filter(({ name }) => !weights.has(name));
  const light: ModelMessage = {
    ...model,
    graph: {
      ...graph,
      initializer: (graph.initializer ?? []).filter((tensor) => !isWeight(tensor)),
      input: [...inputs.map((input) => fixed(input, dimensions)), ...[...weights.values()].map(asInput)],
    },
  };
  const folded = await simplified(ModelProto.encode(ModelProto.fromObject(light)).finish());
  const used = new Set((folded.graph?.node ?? []).flatMap(({ input = [] }) => input));
  return {
    ...folded,
    graph: {
      ...folded.graph,
      initializer: [
        ...(folded.graph?.initializer ?? []),
        ...[...weights.values()].filter(({ name }) => used.has(name ?? '')),
      ],
      input: (folded.graph?.input ?? []).filter(({ name }) => !weights.has(name)),
    },
  };
}

/** Constant folding and the like, by the runtime's own optimiser; operators stay ONNX's. */
async function simplified(bytes: Uint8Array): Promise<ModelMessage> {
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-fold-'));
  try {
    const optimizedModelFilePath = join(folder, 'model.onnx');
    const session = await ort.InferenceSession.create(bytes, {
      graphOptimizationLevel: 'basic',
      extra: { optimization: { disable_specified_optimizers: UNTRIED } },
      optimizedModelFilePath,
      logSeverityLevel: 3,
    });
    await session.release();
    return decodeModel(new Uint8Array(readFileSync(optimizedModelFilePath)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function fixed(input: ValueInfoMessage, dimensions: Readonly<Record<string, number>>): ValueInfoMessage {
  const { elemType, shape } = input.type?.tensorType ?? {};
  const dim = (shape?.dim ?? []).map((each) => {
    const size = each.dimParam === undefined ? undefined : dimensions[each.dimParam];
    return size === undefined ? each : { dimValue: size };
  });
  return { ...input, type: { tensorType: { ...(elemType !== undefined && { elemType }), shape: { dim } } } };
}

const asInput = ({ name = '', dims = [] }: TensorMessage): ValueInfoMessage => ({
  name,
  type: { tensorType: { elemType: FLOAT, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } },
});
