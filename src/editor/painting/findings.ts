import type { PictureRecord } from '#editor/history/picture-record.ts';
import type { Verdict } from '#engine/contract/protocol.ts';
import type { Relation, SceneObject } from '#graph/scene-graph.ts';

/** The verifier's word on an object, as long as the object is still what the picture was made from. */
export function objectVerdict(record: PictureRecord | null, object: SceneObject): Verdict | undefined {
  const painted = record?.graph.objects.find(({ id }) => id === object.id);
  if (!record || painted?.label !== object.label) return undefined;
  return record.result.verification.objects[object.id];
}

/** The verifier's word on a relation, as long as neither it nor its two ends have changed since. */
export function relationVerdict(
  record: PictureRecord | null,
  relation: Relation,
  subject: SceneObject | undefined,
  object: SceneObject | undefined,
): Verdict | undefined {
  const painted = record?.graph.relations.find(({ id }) => id === relation.id);
  if (!record || !painted || !subject || !object) return undefined;
  const same =
    painted.subject === relation.subject &&
    painted.object === relation.object &&
    painted.predicate === relation.predicate;
  const label = (id: string) => record.graph.objects.find((candidate) => candidate.id === id)?.label;
  if (!same || label(subject.id) !== subject.label || label(object.id) !== object.label) return undefined;
  return record.result.verification.relations[relation.id];
}

export interface Tally {
  readonly found: number;
  readonly total: number;
}

/** How many of the verdicts say "found". */
export function tally(verdicts: Readonly<Record<string, Verdict>>): Tally {
  const all = Object.values(verdicts);
  return { found: all.filter((verdict) => verdict === 'found').length, total: all.length };
}
