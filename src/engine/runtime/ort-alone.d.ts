/** The query makes the build give a module of its own, with ONNX Runtime's state of its own. */
declare module 'onnxruntime-web/wasm?alone' {
  export * from 'onnxruntime-web/wasm';
}
