/** What the verifier found, as far as it speaks of what is on the canvas. */
import { useDocument, useGraph } from '#editor/document/document-store.ts';
import { documentOf, type PictureRecord } from '#editor/history/picture-record.ts';
import { useCurrentPicture } from '#editor/history/pictures-store.ts';
import type { Verdict } from '#engine/contract/protocol.ts';
import type { Relation, SceneGraph, SceneObject } from '#graph/scene-graph.ts';
import { changesBetween } from '#graph/words/changes.ts';

/** The picture on the stage, when it is one of the document on the canvas: of another one every id means something else. */
export function usePictureOfCanvas(): PictureRecord | null {
  const document = useDocument(({ history }) => history.document);
  const record = useCurrentPicture();
  return record && documentOf(record) === document ? record : null;
}

/** Whether the graph on the canvas is no longer the one that a picture was painted from. */
export function useIsEarlier(record: PictureRecord): boolean {
  const document = useDocument(({ history }) => history.document);
  return isEarlier(record, document, useGraph());
}

export function isEarlier(record: PictureRecord, document: string, graph: SceneGraph): boolean {
  return documentOf(record) !== document || changesBetween(record.graph, graph).sentences.length > 0;
}

/** The verifier's word on an object of the picture's document, as long as the object is still what the picture was made from. */
export function objectVerdict(record: PictureRecord | null, object: SceneObject): Verdict | undefined {
  if (!record || !wasPainted(record, object)) return undefined;
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
  if (!same || !wasPainted(record, subject) || !wasPainted(record, object)) return undefined;
  return record.result.verification.relations[relation.id];
}

/** Whether an object is still what the picture was made from. */
export function wasPainted({ graph }: PictureRecord, { id, label, attributes }: SceneObject): boolean {
  const painted = graph.objects.find((candidate) => candidate.id === id);
  return painted?.label === label && painted.attributes.join() === attributes.join();
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
