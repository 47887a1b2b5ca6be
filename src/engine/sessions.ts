/** What the engine wants of an ONNX runtime, whichever it is: ort-node.ts and ort-web.ts provide it. */
import type { Tensor } from '#diffusion/tensor.ts';
import type { Backend } from './protocol.ts';

export type Feeds = Readonly<Record<string, Tensor | Tensor<Int32Array>>>;
export type Fetches = Readonly<Record<string, Tensor>>;

export interface Session {
  /** Float32 and int32 in, float32 out, by the names in the .onnx file. */
  run(feeds: Feeds): Promise<Fetches>;
  release(): Promise<void>;
}

export interface Runtime {
  readonly backend: Backend;
  /** @param model bytes of an .onnx file */
  open(model: Uint8Array): Promise<Session>;
}
