/** Files of weights that may be larger than a buffer can be. */

/** What workers have and the page's type library does not know. */
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };

/**
 * A file as ONNX Runtime's web build reads external data: it asks for the length, and for the bytes of one weight at a time, which it copies to its
 * device (onnxruntime/core/framework/tensorprotoutils.cc). Never more than one weight is in the page's memory, and a file may be beyond the 2 GiB at which
 * `Blob.arrayBuffer` fails. In a worker alone, for the reading is synchronous.
 */
export function fileBytes(blob: Blob): Uint8Array {
  const read = (start = 0, end = blob.size) =>
    new Uint8Array(new FileReaderSync().readAsArrayBuffer(blob.slice(start, end)));
  return Object.defineProperties(new Uint8Array(), {
    byteLength: { value: blob.size },
    subarray: { value: read },
  });
}
