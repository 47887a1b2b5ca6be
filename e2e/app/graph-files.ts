/** Scene graph files as a user might have them. */
import type { SceneGraph } from '#graph/scene-graph.ts';

type Triple = readonly [subject: number, predicate: string, object: number];

/** Objects in a row, related by their places in it. */
export function graphOf(labels: readonly string[], triples: readonly Triple[] = []): SceneGraph {
  return {
    format: 'sgraffito/scene-graph',
    version: 1,
    objects: labels.map((label, i) => ({
      id: `o${i}`,
      label,
      attributes: [],
      position: { x: (i % 6) * 160, y: Math.floor(i / 6) * 110 },
    })),
    relations: triples.map(([subject, predicate, object], i) => ({
      id: `r${i}`,
      subject: `o${subject}`,
      predicate,
      object: `o${object}`,
    })),
  };
}

export const meadow = graphOf(
  ['sheep', 'tree', 'grass'],
  [
    [0, 'left of', 1],
    [0, 'standing on', 2],
  ],
);

/** In two steps seed 9 paints it without the dog. */
export const lawn = graphOf(
  ['dog', 'cat', 'ball', 'tree'],
  [
    [0, 'left of', 1],
    [2, 'left of', 0],
    [3, 'right of', 1],
  ],
);
