/** External data: bytes of tensors in a file beside the .onnx file, as ONNX has them for models of 2 GiB and more. */
import type { ModelMessage, TensorMessage } from './proto.ts';

export interface WeightsFile {
  /** Name of the file, relative to the model. */
  readonly location: string;
  /** @returns where in the file the bytes begin */
  append(bytes: Uint8Array): number;
}

/** Tensors below this stay in the model: each that leaves it takes at least a page of the file. */
const LEAST = 65_536;

/** The tensor with its bytes in the file; a small one as it is. */
export function movedOut(tensor: TensorMessage, weights: WeightsFile): TensorMessage {
  const { rawData, ...rest } = tensor;
  if (!rawData || rawData.length < LEAST) return tensor;
  const place = { location: weights.location, offset: weights.append(rawData), length: rawData.length };
  const externalData = Object.entries(place).map(([key, value]) => ({ key, value: String(value) }));
  return { ...rest, dataLocation: 1, externalData };
}

/** Where a tensor's bytes lie outside of the model. */
export interface ExternalPlace {
  readonly location: string;
  /** Bytes. */
  readonly offset: number;
  /** NaN: to the end of the file. */
  readonly length: number;
}

/** Undefined for a tensor that holds its bytes itself. */
export function externalPlace({ externalData }: TensorMessage): ExternalPlace | undefined {
  const entry = (key: string) => externalData?.find((item) => item.key === key)?.value;
  const location = entry('location');
  if (location === undefined) return undefined;
  return { location, offset: Number(entry('offset') ?? 0), length: Number(entry('length') ?? Number.NaN) };
}

/** Bytes of a file of weights. @param location as the model names it */
export type ReadExternal = (location: string, offset: number, length: number) => Uint8Array;

/** The tensor with its bytes in it. */
export function broughtIn(tensor: TensorMessage, read: ReadExternal): TensorMessage {
  const place = externalPlace(tensor);
  if (!place) return tensor;
  const { externalData: _, dataLocation: __, ...rest } = tensor;
  return { ...rest, rawData: read(place.location, place.offset, place.length) };
}

/**
 * The model with the bytes of its tensors in it, those of Constant nodes among them, which exporters put outside too.
 * @param except initializers that stay where they are
 */
export function allBroughtIn(
  model: ModelMessage,
  read: ReadExternal,
  except: ReadonlySet<string> = new Set(),
): ModelMessage {
  const { graph } = model;
  const initializer = (graph?.initializer ?? []).map((tensor) =>
    except.has(tensor.name ?? '') ? tensor : broughtIn(tensor, read),
  );
  const node = (graph?.node ?? []).map((each) => {
    if (!each.attribute?.some(({ t }) => t?.externalData)) return each;
    return {
      ...each,
      attribute: each.attribute.map((item) => (item.t ? { ...item, t: broughtIn(item.t, read) } : item)),
    };
  });
  return { ...model, graph: { ...graph, initializer, node } };
}
