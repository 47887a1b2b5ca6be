/** Our labels in the words of a detector that was trained on COCO. */
import { remove } from '#graph/edits.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import vocabulary from '#training/corpus/world/vocabulary.json' with { type: 'json' };

/** COCO's 80 things in the order in which detectors number them. */
export const cocoClasses: readonly string[] = vocabulary.cocoThings;

/** Words of Visual Genome and of ours for what COCO calls otherwise. */
const renamed: Readonly<Record<string, string>> = {
  man: 'person',
  woman: 'person',
  boy: 'person',
  girl: 'person',
  child: 'person',
  lady: 'person',
  player: 'person',
  people: 'person',
  bike: 'bicycle',
  motorbike: 'motorcycle',
  plane: 'airplane',
  table: 'dining table',
  plant: 'potted plant',
  ball: 'sports ball',
  bag: 'handbag',
  ski: 'skis',
  glass: 'wine glass',
};

/** @returns undefined for what a COCO detector cannot see: "sky", "house". */
export function cocoClassOf(label: string): string | undefined {
  const name = renamed[label] ?? label;
  return cocoClasses.includes(name) ? name : undefined;
}

/** The graph as a COCO detector may judge it: its labels renamed, what the detector cannot see left out. */
export function inCocoWords(graph: SceneGraph): SceneGraph {
  const unseen = graph.objects.filter(({ label }) => cocoClassOf(label) === undefined).map(({ id }) => id);
  const seen = remove(graph, { objects: unseen });
  return { ...seen, objects: seen.objects.map((object) => ({ ...object, label: cocoClassOf(object.label)! })) };
}
