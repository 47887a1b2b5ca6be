/** Several pictures to choose from: variations of the seed, or one edge swept over all predicates. */
import { toast } from 'sonner';
import { create } from 'zustand';
import { isKept, MAX_PICTURES, type PictureGroup, type PictureRecord } from '#editor/history/picture-record.ts';
import { usePictures } from '#editor/history/pictures-store.ts';
import { freshId } from '#editor/storage/fresh-id.ts';
import { millisecondsFor } from './duration.ts';
import { cancelGeneration, type PaintOrder, paint, restorePicture } from './engine.ts';
import { engineSettled } from './engine-store.ts';
import { tally } from './findings.ts';

export interface SheetEntry extends PaintOrder {
  readonly caption: string;
}

/** What a sheet may be filled with: the user is asked first. */
export interface SheetPlan {
  readonly title: string;
  /** The first one is taken where nothing else is chosen. */
  readonly choices: readonly { readonly label: string; readonly entries: readonly SheetEntry[] }[];
  /** In place of choices: the entry at a place, as many as are wished for. */
  readonly entryAt?: (index: number) => SheetEntry;
}

export type Painted =
  | { readonly type: 'painted'; readonly record: PictureRecord }
  /** `message` says to the user what went wrong and what to do. */
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'cancelled' };

/** Paints one entry; whatever goes wrong is in the answer. */
export type Painter = (entry: SheetEntry) => Promise<Painted>;

export type SheetCell = { readonly type: 'waiting' | 'painting' } | Painted;

interface ContactSheetState {
  /** Of this sheet; 0 while none is open. */
  id: number;
  title: string | null;
  /** What is asked, before anything is painted. */
  plan: SheetPlan | null;
  entries: readonly SheetEntry[];
  /** One per entry, in their order. */
  cells: readonly SheetCell[];
  /** The entry at a place, also beyond the last: such a sheet can be made longer. */
  entryAt: ((index: number) => SheetEntry) | null;
}

const CLOSED: ContactSheetState = { id: 0, title: null, plan: null, entries: [], cells: [], entryAt: null };
const WAITING: SheetCell = { type: 'waiting' };

export const useContactSheet = create<ContactSheetState>()(() => CLOSED);

let sheets = 0;
let painter: Painter = paintWhenReady;
/** Of the sheet's pictures in the history. */
let group = '';

/** Opens a sheet that asks what to paint. */
export function planContactSheet(plan: SheetPlan): void {
  useContactSheet.setState({ ...CLOSED, id: ++sheets, title: plan.title, plan });
}

/** Paints the entries one after another, each into the history as soon as it is made; one that fails does not stop the rest, closing the sheet does. */
export async function fillContactSheet(
  title: string,
  entries: readonly SheetEntry[],
  paintOne: Painter = paintWhenReady,
  entryAt: ((index: number) => SheetEntry) | null = null,
): Promise<void> {
  painter = paintOne;
  const id = ++sheets;
  sayWhatMakesRoom(entries.length);
  useContactSheet.setState({
    id,
    title,
    plan: null,
    entries,
    cells: entries.map(() => WAITING),
    entryAt,
  });
  group = freshId();
  await paintWaiting(id);
}

/** A full history loses its oldest pictures to the new ones: that is said before it happens. */
function sayWhatMakesRoom(coming: number): void {
  const { records } = usePictures.getState();
  const leaving = Math.min(records.length + coming - MAX_PICTURES, records.filter((record) => !isKept(record)).length);
  if (leaving <= 0) return;
  const what = leaving === 1 ? 'the oldest picture' : `the ${leaving} oldest pictures`;
  toast.info(`The history is full: ${what} without star or name will make room.`, {
    description: 'Star what should stay, or save the history as a ZIP first.',
    duration: 12_000,
  });
}

/** Makes a sheet longer, or shorter by entries that nobody has begun. */
export async function resizeContactSheet(count: number): Promise<void> {
  const { id, entries, cells, entryAt } = useContactSheet.getState();
  if (!entryAt) return;
  const begun = cells.findLastIndex(({ type }) => type !== 'waiting') + 1;
  const length = Math.max(begun, count);
  const more = Array.from({ length: Math.max(0, length - entries.length) }, (_, i) => entryAt(entries.length + i));
  const isPainting = isBusy(cells);
  useContactSheet.setState({
    entries: [...entries.slice(0, length), ...more],
    cells: [...cells.slice(0, length), ...more.map(() => WAITING)],
  });
  if (more.length > 0) sayWhatMakesRoom(length - begun);
  if (!isPainting) await paintWaiting(id);
}

/** Stops the sheet: what was not begun is dropped, what was painted stays. */
export function stopContactSheet(): void {
  useContactSheet.setState(({ entries, cells }) => {
    const begun = cells.findLastIndex(({ type }) => type !== 'waiting') + 1;
    return { entries: entries.slice(0, begun), cells: cells.slice(0, begun) };
  });
  cancelGeneration();
}

/** Gives an entry that failed another turn: at once, or when those before it are painted. */
export async function retryEntry(index: number): Promise<void> {
  const { id, cells } = useContactSheet.getState();
  const isPainting = isBusy(cells);
  setCell(index, WAITING);
  if (!isPainting) await paintWaiting(id);
}

const isBusy = (cells: readonly SheetCell[]): boolean =>
  cells.some(({ type }) => type === 'painting' || type === 'waiting');

async function paintWaiting(id: number): Promise<void> {
  const isOpen = () => useContactSheet.getState().id === id;
  const paintOne = painter;
  while (isOpen()) {
    const { cells, entries, title } = useContactSheet.getState();
    const index = cells.findIndex(({ type }) => type === 'waiting');
    const entry = entries[index];
    if (!entry) return;
    setCell(index, { type: 'painting' });
    const inGroup = { id: group, title: title ?? '', caption: entry.caption };
    const painted = grouped(await paintOne(entry), inGroup);
    if (painted.type === 'painted') usePictures.getState().keep(painted.record);
    if (isOpen()) setCell(index, painted);
  }
}

const grouped = (painted: Painted, inGroup: PictureGroup): Painted =>
  painted.type === 'painted' ? { ...painted, record: { ...painted.record, group: inGroup } } : painted;

function setCell(index: number, cell: SheetCell): void {
  useContactSheet.setState(({ cells }) => ({ cells: cells.map((old, each) => (each === index ? cell : old)) }));
}

/** A worker that died takes its model along: the next picture waits until it is loaded again. */
async function paintWhenReady(entry: SheetEntry): Promise<Painted> {
  const { id } = useContactSheet.getState();
  await engineSettled();
  if (useContactSheet.getState().id !== id) return { type: 'cancelled' };
  return paint(entry);
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

/** Milliseconds until the sheet is full, by the pictures that it has; undefined before the first. */
export function timeLeft(entries: readonly SheetEntry[], cells: readonly SheetCell[]): number | undefined {
  const painted = cells.flatMap((cell) => (cell.type === 'painted' ? [cell.record] : []));
  const open = entries.filter((_, i) => cells[i]?.type === 'waiting' || cells[i]?.type === 'painting');
  return millisecondsFor(
    open.map(({ settings }) => settings),
    painted.reverse(),
    painted[0]?.model,
  );
}

/** Share of what was asked for that the verifier found, 0–1. */
function satisfaction({ result }: PictureRecord): number {
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

/** Places of the records with those first that satisfy most of their graph, equals in their order, missing ones last. */
export function bestFirst(records: readonly (PictureRecord | null | undefined)[]): number[] {
  const shares = records.map((record) => (record ? satisfaction(record) : -1));
  return shares.map((_, place) => place).sort((a, b) => shares[b]! - shares[a]! || a - b);
}
