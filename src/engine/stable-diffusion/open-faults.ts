/** Why a runtime could not open a network, in words for the user. */
import { EngineError } from '#engine/contract/engine-error.ts';
import { faultOf } from '#engine/contract/fault-of.ts';
import { reading } from '#engine/package/package-loader.ts';
import { readOnnxHeader } from '#engine/runtime/onnx-header.ts';
import type { ModelFile } from '#engine/runtime/sessions.ts';

/** @returns undefined when it is not its foreign operators that a runtime refuses a file for */
export async function foreignOperatorsFault(
  model: ModelFile,
  file: string,
  backend: string,
  error: unknown,
): Promise<EngineError | undefined> {
  const said = error instanceof Error ? error.message : String(error);
  const isMissing = /could not find an implementation|not implemented|is not a registered (function|op)/i.test(said);
  const { foreignOperators } = isMissing ? await readOnnxHeader(model, file) : { foreignOperators: [] };
  if (foreignOperators.length === 0) return undefined;
  const refused = foreignOperators.filter((name) => said.includes(name.slice(name.lastIndexOf('.') + 1)));
  const names = (refused.length > 0 ? refused : foreignOperators).join(', ');
  return new EngineError(
    'model-unsupported',
    `${file} was fused for another device: it has ${names}, which ${backend} cannot run. Open it where WebGPU is, or take an export that is not fused.`,
    { cause: error },
  );
}

/** @throws EngineError model-damaged where the runtime could not read the file or the weights beside it, otherwise the error itself */
export async function readingBack(model: ModelFile, file: string, error: unknown): Promise<never> {
  // Its words for a full memory are near those for a cut file; nothing is deleted for them.
  if (faultOf(error).code === 'out-of-memory') throw error;
  const said = error instanceof Error ? error.message : String(error);
  const isBeside = model.external.length > 0 && /out of bounds|external data/i.test(said);
  if (!isBeside && !/protobuf|INVALID_GRAPH|invalid model|ModelProto/i.test(said)) throw error;
  const files = isBeside ? model.external.map((each) => each.file) : [model];
  const names = isBeside ? model.external.map(({ location }) => file.replace(/[^/]+$/, location)) : [file];
  const message = `${names.join(', ')} is damaged: ONNX Runtime cannot read it.`;
  return reading(files, () => Promise.reject(new EngineError('model-damaged', message, { cause: error })));
}
