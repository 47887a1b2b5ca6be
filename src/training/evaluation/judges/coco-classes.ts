/** Our labels in the words of a detector, which was trained on COCO unless something else is said. */
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

/** A detector's word for a label, given the names of its classes; undefined for what it cannot see: "sky", "house" by COCO's. */
export const wordAmong =
  (classes: readonly string[]) =>
  (label: string): string | undefined =>
    [label, renamed[label]].find((name) => name !== undefined && classes.includes(name));
