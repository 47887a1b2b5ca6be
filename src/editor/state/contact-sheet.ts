/** Several pictures to choose from: variations of the seed, or one edge swept over all predicates. */
import { create } from 'zustand';
import type { GenerationSettings } from '#engine/protocol.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { cancelGeneration, paint, restorePicture } from './engine.ts';
import { engineSettled } from './engine-store.ts';
import { tally } from './findings.ts';
import type { PictureRecord } from './picture-record.ts';
import { usePictures } from './pictures-store.ts';

export interface Draft {
  readonly caption: string;
  readonly graph: SceneGraph;
  readonly settings: GenerationSettings;
}

export type Painted =
  | { readonly type: 'painted'; readonly record: PictureRecord }
  /** `message` says to the user what went wrong and what to do. */
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'cancelled' };

/** Paints one draft; whatever goes wrong is in the answer. */
export type Painter = (graph: SceneGraph, settings: GenerationSettings) => Promise<Painted>;

export type SheetCell = { readonly type: 'waiting' | 'painting' } | Painted;

interface ContactSheetState {
  title: string | null;
  drafts: readonly Draft[];
  /** One per draft, in their order. */
  cells: readonly SheetCell[];
}

const CLOSED: ContactSheetState = { title: null, drafts: [], cells: [] };
const WAITING: SheetCell = { type: 'waiting' };

export const useContactSheet = create<ContactSheetState>()(() => CLOSED);

let painter: Painter = paintWhenReady;

/** Paints the drafts one after another, each into the history as soon as it is made; one that fails does not stop the rest, closing the sheet does. */
export async function fillContactSheet(
  title: string,
  drafts: readonly Draft[],
  paintOne: Painter = paintWhenReady,
): Promise<void> {
  painter = paintOne;
  useContactSheet.setState({ title, drafts, cells: drafts.map(() => WAITING) });
  await paintWaiting(drafts);
}

/** Gives a draft that failed another turn: at once, or when those before it are painted. */
export async function retryDraft(index: number): Promise<void> {
  const { drafts, cells } = useContactSheet.getState();
  const isPainting = cells.some(({ type }) => type === 'painting' || type === 'waiting');
  setCell(index, WAITING);
  if (!isPainting) await paintWaiting(drafts);
}

async function paintWaiting(drafts: readonly Draft[]): Promise<void> {
  const isOpen = () => useContactSheet.getState().drafts === drafts;
  const paintOne = painter;
  while (isOpen()) {
    const index = useContactSheet.getState().cells.findIndex(({ type }) => type === 'waiting');
    const draft = drafts[index];
    if (!draft) return;
    setCell(index, { type: 'painting' });
    const painted = await paintOne(draft.graph, draft.settings);
    if (painted.type === 'painted') usePictures.getState().keep(painted.record);
    if (isOpen()) setCell(index, painted);
  }
}

function setCell(index: number, cell: SheetCell): void {
  useContactSheet.setState(({ cells }) => ({ cells: cells.map((old, each) => (each === index ? cell : old)) }));
}

/** A worker that died takes its model along: the next picture waits until it is loaded again. */
async function paintWhenReady(graph: SceneGraph, settings: GenerationSettings): Promise<Painted> {
  const { drafts } = useContactSheet.getState();
  await engineSettled();
  if (useContactSheet.getState().drafts !== drafts) return { type: 'cancelled' };
  return paint(graph, settings);
}

export function closeContactSheet(): void {
  useContactSheet.setState(CLOSED);
  cancelGeneration();
}

/** Takes a picture off the sheet onto the stage, its graph onto the canvas. */
export function takeFromSheet(record: PictureRecord): void {
  closeContactSheet();
  restorePicture(record);
}

/** Share of what was asked for that the verifier found, 0–1. */
export function satisfaction({ result }: PictureRecord): number {
  const objects = tally(result.verification.objects);
  const relations = tally(result.verification.relations);
  return (objects.found + relations.found) / Math.max(1, objects.total + relations.total);
}

/** Index of the picture that satisfies most of its graph, the first of equals; null where none stands out. */
export function bestOf(records: readonly (PictureRecord | null | undefined)[]): number | null {
  const shares = records.map((record) => (record ? satisfaction(record) : null));
  const known = shares.filter((share) => share !== null);
  const most = Math.max(...known);
  return known.some((share) => share < most) ? shares.indexOf(most) : null;
}
