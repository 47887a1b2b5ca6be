/** Several pictures to choose from: variations of the seed, or one edge swept over all predicates. */
import { create } from 'zustand';
import type { GenerationSettings } from '#engine/protocol.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { cancelGeneration, paint, restorePicture } from './engine.ts';
import { tally } from './findings.ts';
import type { PictureRecord } from './picture-record.ts';
import { usePictures } from './pictures-store.ts';

export interface Draft {
  readonly caption: string;
  readonly graph: SceneGraph;
  readonly settings: GenerationSettings;
}

interface ContactSheetState {
  title: string | null;
  drafts: readonly Draft[];
  /** By draft; undefined while it waits, null when it could not be painted. */
  records: readonly (PictureRecord | null | undefined)[];
}

export const useContactSheet = create<ContactSheetState>()(() => ({ title: null, drafts: [], records: [] }));

/** Paints the drafts one after another; closing the sheet stops it. */
export async function fillContactSheet(title: string, drafts: readonly Draft[]): Promise<void> {
  useContactSheet.setState({ title, drafts, records: drafts.map(() => undefined) });
  for (const [i, { graph, settings }] of drafts.entries()) {
    const record = await paint(graph, settings);
    const state = useContactSheet.getState();
    if (state.drafts !== drafts) return;
    useContactSheet.setState({ records: state.records.map((old, each) => (each === i ? record : old)) });
    if (!record) return;
  }
}

export function closeContactSheet(): void {
  useContactSheet.setState({ title: null, drafts: [], records: [] });
  cancelGeneration();
}

/** Takes a picture off the sheet: into the history, onto the stage, its graph onto the canvas. */
export function takeFromSheet(record: PictureRecord): void {
  closeContactSheet();
  usePictures.getState().add(record);
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
