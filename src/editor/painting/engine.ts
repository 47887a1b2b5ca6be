/** Painting: from the graph and the settings to a picture and its progress on the screen. */
import { toast } from 'sonner';
import { currentDocument, currentGraph, useDocument } from '#editor/document/document-store.ts';
import { type DocumentRecipe, documentOf, type PictureRecord } from '#editor/history/picture-record.ts';
import { findPicture, usePictures } from '#editor/history/pictures-store.ts';
import { usePreferences } from '#editor/interface/preferences-store.ts';
import { freshId } from '#editor/storage/fresh-id.ts';
import { EngineError, type EngineFault } from '#engine/contract/engine-error.ts';
import { faultOf } from '#engine/contract/fault-of.ts';
import { stepsOver } from '#engine/contract/generation-settings.ts';
import { stepsOf } from '#engine/contract/manifest.ts';
import type {
  GenerationResult,
  Inpainting,
  KeepRest,
  Picture,
  Verification,
  WordReading,
} from '#engine/contract/protocol.ts';
import type { OverpaintingRecipe, Recipe } from '#engine/contract/recipe.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { engine } from './client.ts';
import { draftSettings } from './draft.ts';
import { currentManifest, engineSettled, type Running, useEngine } from './engine-store.ts';
import { inpaintingOf, makesAgain } from './inpainting.ts';
import { meaningOf } from './meaning.ts';
import { drawSeed, settingsToPaint, useSettings } from './settings-store.ts';

let abort: AbortController | undefined;

/**
 * Paints the graph on the canvas; a picture under way is given up for the new one.
 * @param keepSeed paint with the seed as it is, even when every Generate is to draw a new one
 */
export async function generate({ keepSeed = false } = {}): Promise<void> {
  const manifest = currentManifest();
  if (!manifest) return; // the status says why
  if (!settingsToPaint()) return;
  if (!keepSeed && !usePreferences.getState().seedLocked) useSettings.getState().change({ seed: drawSeed() });
  const { recalled, settings } = useSettings.getState();
  const graph = currentGraph();
  const wish = { model: manifest.name, graph, settings };
  // What a restored picture kept, or was painted over by, holds as long as nothing that made it was changed.
  const isAgain = (recalled?.keep || recalled?.over) && makesAgain(recalled, wish);
  const { keep, over } = isAgain ? recalled : { keep: keepingRest(wish) };
  await paintToStage({ graph, document: currentDocument(), settings, keep, over });
}

/** Paints over a picture of the history what the model that was chosen for it makes of it. */
export async function paintOver(
  record: PictureRecord,
  { settings, strength }: Pick<OverpaintingRecipe, 'settings' | 'strength'>,
): Promise<void> {
  const { over } = useEngine.getState();
  if (!over) return;
  const { graph, document, settings: drawnWith, keep, model } = record;
  const order = { graph, document, settings: drawnWith, keep, over: { model: over.name, settings, strength } };
  if (!record.over) return paintToStage(order, { model, picture: record.result.picture });
  // What lies below is drawn again.
  if (currentManifest()?.name === model) return paintToStage(order);
  useEngine.getState().set({ fault: faultOf(missing(model, 'Model…')) });
}

/** Paints what a recipe says as soon as the engine can, whatever is on the canvas. */
export async function paintRecipe(recipe: DocumentRecipe): Promise<void> {
  await engineSettled();
  await paintToStage(recipe);
}

async function paintToStage(order: PaintOrder, drawn?: Drawn): Promise<void> {
  const painted = await paint(order, drawn);
  if (painted.type === 'painted') usePictures.getState().add(painted.record);
  if (painted.type === 'failed') useEngine.getState().set({ fault: painted.fault });
}

/** What the switch asks for. A picture that has nothing to keep is painted whole, and the screen says so. */
function keepingRest(wish: Pick<Recipe, 'graph' | 'model'>): KeepRest | undefined {
  const inpainting = inpaintingWish(wish);
  if (!inpainting || !('reason' in inpainting)) return inpainting;
  toast.info('Painted as a whole', { description: inpainting.reason });
  return undefined;
}

function inpaintingWish({
  graph,
  model,
}: Pick<Recipe, 'graph' | 'model'>): ReturnType<typeof inpaintingOf> | undefined {
  const { keepRest, keepStrength } = usePreferences.getState();
  const { currentId } = usePictures.getState();
  if (!keepRest || currentId === null) return undefined;
  return inpaintingOf(findPicture(currentId), { graph, model, strength: keepStrength });
}

let drafting: { readonly order: string; readonly abort: AbortController; readonly done: Promise<void> } | undefined;

/**
 * Paints a graph fast, with the same seed, for the stage alone. A picture under way is given up for it. What fails says nothing: the picture
 * that follows will.
 */
export function paintDraft(graph: SceneGraph): Promise<void> {
  const manifest = currentManifest();
  if (!manifest) return Promise.resolve();
  const model = manifest.name;
  const settings = draftSettings(useSettings.getState().settings, manifest);
  const order = JSON.stringify([model, settings, meaningOf(graph)]);
  if (drafting?.order === order) return drafting.done;
  const { set } = useEngine.getState();
  abort?.abort();
  const mine = new AbortController();
  abort = mine;
  set({ run: { type: 'idle' } });
  const show = (picture: Picture | undefined) => {
    if (picture && !mine.signal.aborted) set({ draft: { graph, picture } });
  };
  const draw = async () => {
    const wish = inpaintingWish({ graph, model });
    // A draft is one picture: whatever it loses, the picture that follows may not.
    const inpainting = wish && !('reason' in wish) ? { ...wish, others: {} } : undefined;
    const onStep = (_step: number, _steps: number, preview: Picture | undefined) => show(preview);
    const { picture } = await engine().generate(graph, settings, { inpainting, signal: mine.signal, onStep });
    show(picture);
  };
  const done = draw().catch(() => {
    if (!mine.signal.aborted) dropDraft();
  });
  drafting = { order, abort: mine, done };
  return done;
}

/** Takes the draft off the stage, also while it is painted. */
export function dropDraft(): void {
  drafting?.abort.abort();
  drafting = undefined;
  if (useEngine.getState().draft) useEngine.getState().set({ draft: null });
}

/** What to paint; the model is the one in use. */
export interface PaintOrder extends Omit<DocumentRecipe, 'model'> {
  readonly keep?: KeepRest | undefined;
}

export type PaintOutcome =
  | { readonly type: 'painted'; readonly record: PictureRecord }
  | { readonly type: 'failed'; readonly fault: EngineFault; readonly message: string }
  | { readonly type: 'cancelled' };

/** What lies below a picture that is painted over, where that is here already. */
interface Drawn {
  readonly model: string;
  readonly picture: Picture;
}

/** Paints one picture, with its progress on the screen; to say why it failed is the caller's. */
export async function paint(order: PaintOrder, drawn?: Drawn): Promise<PaintOutcome> {
  const { set, status } = useEngine.getState();
  const manifest = currentManifest();
  if (!manifest) return status.type === 'failed' ? failedBy(status.fault) : { type: 'cancelled' };
  abort?.abort();
  const mine = new AbortController();
  abort = mine;
  drafting = undefined;
  // Another one may be looked at before this one is done.
  const parent = usePictures.getState().currentId;
  const { draft } = useEngine.getState();
  if (draft && meaningOf(draft.graph) !== meaningOf(order.graph)) dropDraft();
  // By name: an order may have more to it, as a caption, that is no part of what makes the picture.
  const { graph, document, settings, keep, over } = order;
  const recipe = { model: drawn?.model ?? manifest.name, graph, document, settings, keep, over };
  const begin = (steps: number, by: Pick<Running, 'over'> = {}) => {
    set({ fault: null, run: { type: 'running', recipe, step: 0, steps, ...by } });
    const onStep = (step: number, all: number, preview: Picture | undefined) => {
      if (abort === mine) onProgress(step, all, preview);
    };
    return { onStep, signal: mine.signal };
  };
  try {
    let kept: Inpainting | undefined = keep;
    const draw = async (): Promise<GenerationResult> => {
      const options = { ...begin(stepsOf(settings, manifest)), inpainting: keep };
      const { keep: made, ...result } = await engine().generate(graph, settings, options);
      kept = made ?? keep;
      return result;
    };
    const repaint = async ({ model, settings: own, strength }: OverpaintingRecipe) => {
      if (useEngine.getState().over?.name !== model) throw missing(model, 'Paint over with…');
      const { picture } = drawn ?? (await draw());
      const options = begin(stepsOver(own, strength), { over: model });
      return engine().paintOver(graph, own, { picture, strength }, options);
    };
    const result = await (over ? repaint(over) : draw());
    const made = { id: freshId(), createdAt: Date.now(), starred: false, parent };
    return { type: 'painted', record: { ...made, ...recipe, keep: kept, result } };
  } catch (error) {
    return mine.signal.aborted ? { type: 'cancelled' } : failedBy(faultOf(error));
  } finally {
    if (abort === mine) {
      abort = undefined;
      set({ run: { type: 'idle' } });
      dropDraft();
    }
  }
}

const missing = (model: string, menu: string): EngineError =>
  new EngineError(
    'model-not-found',
    `This picture takes the model “${model}”. Open it by “${menu}”, then paint again.`,
  );

const failedBy = (fault: EngineFault): PaintOutcome => ({ type: 'failed', fault, message: fault.message });

/** What the loaded model makes of words for objects; none when there is no model to ask. */
export async function readWords(words: readonly string[]): Promise<readonly WordReading[]> {
  if (!currentManifest()) return [];
  return engine()
    .readWords(words)
    .catch(() => []);
}

/** Another look at a picture of the model in use. @throws EngineError */
export const verifyAgain = (graph: SceneGraph, picture: Picture): Promise<Verification> =>
  engine().verifyAgain(graph, picture);

/** The loaded model's drawings of its labels; undefined when it has none or they cannot be had. */
export async function readSprites(): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return engine()
    .readSprites()
    .catch(() => undefined);
}

/** The graph of a picture of the model's size whose own was lost. @throws EngineError */
export const readPicture = (picture: Picture): Promise<SceneGraph> => engine().readPicture(picture);

export function cancelGeneration(): void {
  abort?.abort();
}

/** A picture that was painted for the graph on the canvas goes onto the stage, and what made it is what Generate paints. */
export function showPainted(record: PictureRecord): void {
  usePictures.getState().add(record);
  useSettings.getState().recall(record);
}

/** Brings back everything that made a picture: graph (one step of undo), seed and settings. */
export function restorePicture(record: PictureRecord): void {
  dropDraft();
  useDocument.getState().apply('Restore picture', () => record.graph, documentOf(record));
  useSettings.getState().recall(record);
  usePictures.getState().show(record.id);
}

function onProgress(step: number, steps: number, preview: Picture | undefined): void {
  const { run, set } = useEngine.getState();
  const now = performance.now();
  if (run.type === 'idle') return;
  const shown = preview ?? run.preview;
  set({
    run: {
      ...run,
      step,
      steps,
      firstStepAt: run.firstStepAt ?? now,
      lastStepAt: now,
      ...(shown && { preview: shown }),
    },
  });
}
