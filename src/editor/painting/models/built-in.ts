/** What is known of the built-in model before it has come: the build wrote it down. */
import { builtIn } from 'virtual:built-in-model';
import { useEngine } from '#editor/painting/engine-store.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import { isModelChosen, queriedModel } from './model-choice.ts';

export { builtIn };

/** Whether a model is the one that came with the app, by its weights. */
export const isBuiltIn = ({ name, files }: Pick<ModelFacts, 'name' | 'files'>): boolean =>
  name === builtIn?.name && files?.['denoiser.onnx']?.sha256 === builtIn.files?.['denoiser.onnx']?.sha256;

/** What the screen shows of a model's words and settings. */
export type ShownFacts = Pick<ModelFacts, 'kind' | 'styles' | 'vocabulary' | 'kinds' | 'student'>;

/** Whether the built-in model is the one that is being fetched. */
export const expectsBuiltIn = (): boolean => builtIn !== null && queriedModel() === builtIn.name && !isModelChosen();

/** Of the model in use, or of the one that is on its way, where that is known. */
export function useShownFacts(): ShownFacts | null {
  const status = useEngine((state) => state.status);
  if (status.type === 'ready') return status.manifest;
  return status.type === 'loading' && expectsBuiltIn() ? builtIn : null;
}
