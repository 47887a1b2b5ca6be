/** Which model paints, and by what: chosen, remembered, loaded. */
import { sayError } from '#editor/interface/messages.ts';
import { usePreferences } from '#editor/interface/preferences-store.ts';
import { engine } from '#editor/painting/client.ts';
import { useEngine } from '#editor/painting/engine-store.ts';
import { useSettings } from '#editor/painting/settings-store.ts';
import type { LoadOptions } from '#engine/client/engine-client.ts';
import { faultOf } from '#engine/contract/fault-of.ts';
import { describePlace, type ModelPlace } from '#engine/contract/model-place.ts';
import type { ModelSurvey } from '#engine/contract/model-survey.ts';
import type { BackendWish, StoredModel } from '#engine/contract/protocol.ts';
import { DEFAULT_MODEL, queriedModel, queryOf, rememberedModel, rememberModel, rememberOver } from './model-choice.ts';

/** Milliseconds that a start waits for a silent server before the built-in model paints in place of the one chosen last. */
const STALL_AT_START = 5_000;

/** Loads the model that the address names (`?model=NAME&backend=wasm`), the one chosen last, or the built-in one. Faults end up on the screen. */
export async function loadModel(): Promise<void> {
  const named = queryOf('model');
  const chosen = named === '' ? await rememberedModel() : undefined;
  if (chosen) {
    try {
      await chooseModel(chosen, { stallMs: STALL_AT_START });
      return;
    } catch (error) {
      sayError('The model chosen last is not there', `${faultOf(error).message} The built-in one paints instead.`);
    }
  }
  try {
    useSettings.getState().adopt(await engine().load(`models/${queriedModel()}/`, backendWish()));
  } catch (error) {
    useEngine.getState().set({ status: { type: 'failed', fault: faultOf(error) } });
  }
}

/**
 * Takes another model into use and remembers it. The one before stays until the new one is here.
 * @param place undefined for the built-in model
 * @throws EngineError with a sentence for the user, or the signal's reason
 */
export async function chooseModel(place: ModelPlace | undefined, options: LoadOptions): Promise<void> {
  const manifest = await engine().load(place ?? `models/${DEFAULT_MODEL}/`, backendWish(), options);
  useSettings.getState().adopt(manifest);
  await rememberModel(place);
  if (place && manifest.kind === 'stable-diffusion') await rememberOver(place);
}

/** Loads a Stable Diffusion package beside the model in use, to paint over its pictures, and remembers it. @throws as chooseModel */
export async function chooseOver(place: ModelPlace, options: LoadOptions): Promise<void> {
  const onDownload = (loaded: number, total: number) => useEngine.getState().set({ overDownload: { loaded, total } });
  onDownload(0, 0);
  await engine().loadOver(place, backendWish(), { ...options, onDownload });
  await rememberOver(place);
}

/** What a package takes and whether it can run here, before any of it is fetched. @throws as chooseModel */
export function surveyModel(
  place: ModelPlace,
  options: { readonly over: boolean; readonly signal: AbortSignal },
): Promise<ModelSurvey> {
  return engine().survey(place, backendWish(), options);
}

/** The downloaded models on this computer. @throws EngineError */
export const listModels = (): Promise<readonly StoredModel[]> => engine().listModels();

/** The next start must not fetch again what was deleted. @returns what is left @throws EngineError */
export async function deleteModel({ folder, title }: StoredModel): Promise<readonly StoredModel[]> {
  const left = await engine().deleteModel(folder);
  const chosen = await rememberedModel();
  if (chosen && describePlace(chosen) === title) await rememberModel(undefined);
  return left;
}

/** What the address says, else what this person prefers. */
export function backendWish(): BackendWish {
  const named = queryOf('backend');
  return named === 'webgpu' || named === 'wasm' ? named : usePreferences.getState().backend;
}

/** From now on another backend paints, whatever the address said: the model is loaded anew. Faults end up on the screen. */
export async function chooseBackend(backend: BackendWish): Promise<void> {
  const address = new URL(location.href);
  address.searchParams.delete('backend');
  history.replaceState(history.state, '', address);
  usePreferences.getState().set({ backend });
  await loadModel();
}
