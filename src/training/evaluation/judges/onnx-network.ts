/** A network from an .onnx file that a metric looks through: ours or a user's. */
import * as ort from 'onnxruntime-node';
import { sizeOf, type Tensor } from '#diffusion/tensor.ts';
import { EvaluationInputError } from '#training/evaluation/input-error.ts';

/** A network of an .onnx file, with its inputs and outputs by name. */
export interface OnnxNetwork {
  readonly file: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Of an input, as far as the file fixes it. */
  fixedSize(input: string, axis: number): number | undefined;
  /** One Float32 tensor per input. */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

/** A user's network that does not have the inputs or outputs a metric needs. */
export class NetworkShapeError extends EvaluationInputError {
  override readonly name = 'NetworkShapeError';
}

/**
 * Opens a file on the CPU.
 * @throws NetworkShapeError when the file is no ONNX model, or an input is not 32-bit floating point.
 */
export async function openNetwork(path: string): Promise<OnnxNetwork> {
  let session: ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(path, { executionProviders: ['cpu'] });
  } catch (error) {
    throw new NetworkShapeError(`${path} cannot be opened as an ONNX model: ${firstLine(error)}`);
  }
  for (const input of session.inputMetadata) {
    if (input.isTensor && input.type !== 'float32') {
      await session.release();
      throw new NetworkShapeError(`${path}: input "${input.name}" is ${input.type}; export the network in float32`);
    }
  }
  return {
    file: path,
    inputs: session.inputNames,
    outputs: session.outputNames,
    fixedSize(input, axis) {
      const metadata = session.inputMetadata.find(({ name }) => name === input);
      const size = metadata?.isTensor ? metadata.shape[axis] : undefined;
      return typeof size === 'number' && size > 0 ? size : undefined;
    },
    async run(feeds) {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([name, { data, dims }]) => [name, new ort.Tensor('float32', data, [...dims])]),
      );
      try {
        const outputs = await session.run(tensors);
        return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, asFloats(tensor)]));
      } catch (error) {
        const given = Object.entries(feeds).map(([name, { dims }]) => `${name} (${dims.join(', ')})`);
        throw new NetworkShapeError(`${path} cannot be run on ${given.join(', ')}: ${firstLine(error)}`);
      }
    },
    release: () => session.release(),
  };
}

/** @throws NetworkShapeError when there is no output of this name. */
export function outputNamed(outputs: Readonly<Record<string, Tensor>>, name: string | undefined): Tensor {
  const tensor = name === undefined ? undefined : outputs[name];
  if (tensor === undefined) throw new NetworkShapeError(`the network gave no output "${name}"`);
  return tensor;
}

/** (B, …) as B flat rows. */
export function rowsOf({ data, dims }: Tensor): Float32Array[] {
  const width = data.length / dims[0]!;
  return Array.from({ length: dims[0]! }, (_, b) => data.slice(b * width, (b + 1) * width));
}

function asFloats(tensor: ort.Tensor): Tensor {
  const data = Float32Array.from(tensor.data as ArrayLike<number | bigint>, Number);
  if (data.length !== sizeOf(tensor.dims))
    throw new RangeError(`an output has ${data.length} numbers for (${tensor.dims})`);
  return { data, dims: tensor.dims };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
