/** Models whose weights are stored in half precision, as if they were stored in single precision. */
import { fromHalf } from '#engine/formats/float16.ts';
import { decodeModel, type OnnxModel } from '#onnx/file/onnx-reader.ts';
import type { ModelMessage, NodeMessage, TensorMessage } from '#onnx/file/proto.ts';
import { decodeTensor, encodeTensor, typeCodes } from '#onnx/file/tensor-codec.ts';
import { GraphError } from '#onnx/graph.ts';

/**
 * @returns the model without the nodes that widen a stored weight, and the names of those weights: what the nodes made of them
 * @throws GraphError for damaged bytes
 */
export function widened(given: OnnxModel): { readonly model: ModelMessage; readonly weights: ReadonlySet<string> } {
  const whole = given instanceof Uint8Array ? decodeModel(given) : given;
  const { graph } = whole;
  if (!graph) throw new GraphError('Model', 'the file holds no graph');
  const halves = new Map(
    (graph.initializer ?? []).flatMap((tensor) =>
      tensor.dataType === typeCodes.float16 ? [[tensor.name ?? '', tensor] as const] : [],
    ),
  );
  const weights = new Map<string, TensorMessage>();
  const isWidening = ({ opType, input = [], output = [] }: NodeMessage): boolean => {
    const stored = opType === 'Cast' ? halves.get(input[0] ?? '') : undefined;
    const [name] = output;
    if (!stored || name === undefined) return false;
    const { shape, data } = decodeTensor(stored);
    weights.set(name, encodeTensor(name, { type: 'float32', shape, data: fromHalf(data as Uint16Array) }));
    return true;
  };
  const node = (graph.node ?? []).filter((each) => !isWidening(each));
  const others = (graph.initializer ?? []).filter(({ name = '' }) => !halves.has(name));
  const model = { ...whole, graph: { ...graph, node, initializer: [...others, ...weights.values()] } };
  return { model, weights: new Set(weights.keys()) };
}
