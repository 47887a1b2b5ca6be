/** What the engine wants of an ONNX runtime, whichever it is: ort-node.ts and ort-web.ts provide it. */
import type { Tensor } from '#diffusion/tensor.ts';
import type { Machine } from '#engine/contract/protocol.ts';
import type { LargeFile } from '#engine/package/package-loader.ts';

export type Feeds = Readonly<Record<string, Tensor | Tensor<Int32Array>>>;
export type Fetches = Readonly<Record<string, Tensor>>;

/** An input or output as the .onnx file declares it. */
export interface Port {
  readonly name: string;
  /** ONNX Runtime's name: "float32", "float16", "int64", … */
  readonly type: string;
  /** A name stands for a dimension that may vary. */
  readonly shape: readonly (number | string)[];
}

/** What a network computes in, by what it is fed. */
export const precisionOf = ({ inputs }: Pick<Session, 'inputs'>): Machine['precision'] =>
  inputs.some(({ type }) => type === 'float16') ? 'half' : 'single';

export interface Session {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /**
   * Float32 and int32 in, turned into what the file wants (half precision, 64-bit integers); float32 out. Names are those of the .onnx file.
   * @param wanted outputs to read; all of them when left out
   */
  run(feeds: Feeds, wanted?: readonly string[]): Promise<Fetches>;
  release(): Promise<void>;
}

/** An .onnx file that may be too large for memory, and the files beside it that hold its weights. */
export interface ModelFile extends LargeFile {
  readonly external: readonly { readonly location: string; readonly file: LargeFile }[];
}

export interface Runtime extends Omit<Machine, 'precision' | 'trial'> {
  /** @param model bytes of an .onnx file, or where they lie */
  open(model: Uint8Array | ModelFile): Promise<Session>;
}
