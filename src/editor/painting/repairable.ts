/** What can be repaired: what was not found in the picture of the very graph on the canvas, by the model that painted it. */
import { currentDocument, currentGraph, useDocument, useGraph } from '#editor/document/document-store.ts';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { findPicture, useCurrentPicture, usePictures } from '#editor/history/pictures-store.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { currentManifest, useEngine, useManifest } from './engine-store.ts';
import { isEarlier } from './findings.ts';
import { type RepairTarget, repair } from './repair.ts';

export function useCanRepair(): boolean {
  const record = useCurrentPicture();
  const graph = useGraph();
  const document = useDocument(({ history }) => history.document);
  const model = useManifest()?.name;
  return record !== null && isRepairable(record, { graph, document, model });
}

/** Opens the dialog that shows what is tried. */
export function startRepair(target: RepairTarget): void {
  const record = findPicture(usePictures.getState().currentId);
  if (!record) return;
  useInterface.getState().show({ type: 'repair' });
  void repair(record, target);
}

/** What is in hand, where that was not found; else the first that was not: things before relations. */
export function missingTarget(): RepairTarget | undefined {
  const record = findPicture(usePictures.getState().currentId);
  const [graph, document] = [currentGraph(), currentDocument()];
  const isIdle = useEngine.getState().run.type === 'idle';
  if (!record || !isIdle || !isRepairable(record, { graph, document, model: currentManifest()?.name }))
    return undefined;
  const missing = missingIn(record);
  const { objects, relations } = useDocument.getState().selection;
  return missing.find(({ type, id }) => (type === 'object' ? objects : relations).includes(id)) ?? missing[0];
}

export function missingIn({ graph, result: { verification } }: PictureRecord): readonly RepairTarget[] {
  return [
    ...graph.objects.map(({ id }) => ({ type: 'object', id }) as const),
    ...graph.relations.map(({ id }) => ({ type: 'relation', id }) as const),
  ].filter(({ type, id }) => (type === 'object' ? verification.objects : verification.relations)[id] === 'missing');
}

interface Here {
  readonly graph: SceneGraph;
  readonly document: string;
  readonly model: string | undefined;
}

const isRepairable = (record: PictureRecord, { graph, document, model }: Here): boolean =>
  record.model === model && record.over === undefined && !isEarlier(record, document, graph);
