/** A branch of the history as steps of a lesson: each picture with what changed since the one before. */
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { stepBetween } from '#editor/history/step-words.ts';
import { changesBetween } from '#graph/words/changes.ts';

export interface BranchStep {
  readonly record: PictureRecord;
  /** Empty for the first picture, and for one that was painted again. */
  readonly changes: readonly string[];
  /** Ids of the nodes and edges that changed. */
  readonly changed: ReadonlySet<string>;
}

/** Longer ones lose their beginning: a page of 60 pictures of 256 × 256 has about 8 MB. */
export const MAX_STEPS = 60;

/** @param path from the root on */
export function branchSteps(path: readonly PictureRecord[]): readonly BranchStep[] {
  return path.slice(-MAX_STEPS).map((record, i, steps) => {
    const before = steps[i - 1];
    if (!before) return { record, changes: [], changed: new Set<string>() };
    const { after } = changesBetween(before.graph, record.graph);
    const ends = new Set(before.graph.objects.map(({ id }) => id));
    // The ends of a changed edge did not change; an object that is new, or called otherwise, did.
    const isOther = (id: string) => !ends.has(id) || labelIn(before, id) !== labelIn(record, id);
    return {
      record,
      changes: stepBetween(before, record).sentences,
      changed: new Set([...after.objects.filter(isOther), ...after.relations]),
    };
  });
}

function labelIn({ graph }: PictureRecord, id: string): string {
  const object = graph.objects.find((each) => each.id === id);
  return JSON.stringify(object && [object.label, [...object.attributes].sort()]);
}
