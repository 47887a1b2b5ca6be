/** Ready-made graphs: the first one greets a newcomer, the others are the Examples menu. */
import { documentOf } from '#graph/indexed-graph.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';

export interface ExampleGraph {
  /** For links and menus. */
  readonly name: string;
  readonly title: string;
  readonly graph: SceneGraph;
}

type Place = readonly [label: string, x: number, y: number];
/** Indices into the places. */
type Edge = readonly [subject: number, predicate: string, object: number];

function example(title: string, places: readonly Place[], edges: readonly Edge[]): ExampleGraph {
  const graph = documentOf(
    {
      objects: places.map(([label]) => ({ label, attributes: [] })),
      relations: edges.map(([subject, predicate, object]) => ({ subject, predicate, object })),
    },
    places.map(([, x, y]) => ({ x, y })),
  );
  return { name: title.toLowerCase().replace(/[^a-z]+/g, '-'), title, graph };
}

export const examples: readonly ExampleGraph[] = [
  example(
    'Sheep in a meadow',
    [
      ['sky', 260, 0],
      ['tree', 0, 150],
      ['sheep', 260, 300],
      ['grass', 260, 450],
    ],
    [
      [0, 'above', 3],
      [2, 'standing on', 3],
      [1, 'behind', 2],
      [1, 'left of', 2],
    ],
  ),
  example(
    'Boy riding a horse',
    [
      ['boy', 200, 0],
      ['horse', 200, 150],
      ['tree', 460, 150],
      ['grass', 200, 300],
    ],
    [
      [0, 'riding', 1],
      [1, 'on', 3],
      [2, 'behind', 1],
      [2, 'right of', 1],
    ],
  ),
  example(
    'Dog left of a cat',
    [
      ['dog', 0, 0],
      ['cat', 300, 0],
      ['grass', 150, 160],
    ],
    [
      [0, 'left of', 1],
      [0, 'standing on', 2],
      [1, 'standing on', 2],
    ],
  ),
  example(
    'Kite over the beach',
    [
      ['kite', 0, 0],
      ['sky', 280, 0],
      ['girl', 0, 160],
      ['sand', 0, 320],
      ['ocean', 280, 160],
    ],
    [
      [2, 'holding', 0],
      [0, 'above', 2],
      [2, 'standing on', 3],
      [4, 'behind', 2],
      [1, 'above', 4],
    ],
  ),
  example(
    'Umbrella weather',
    [
      ['umbrella', 140, 0],
      ['woman', 140, 150],
      ['road', 140, 300],
      ['house', 420, 150],
    ],
    [
      [1, 'holding', 0],
      [1, 'under', 0],
      [1, 'standing on', 2],
      [3, 'right of', 1],
    ],
  ),
  example(
    'Street with a bus and a car',
    [
      ['house', 160, 0],
      ['bus', 0, 160],
      ['car', 320, 160],
      ['road', 160, 320],
    ],
    [
      [1, 'on', 3],
      [2, 'on', 3],
      [2, 'right of', 1],
      [0, 'behind', 1],
    ],
  ),
  example(
    'Boat on the ocean',
    [
      ['sky', 0, 0],
      ['bird', 280, 0],
      ['boat', 280, 160],
      ['ocean', 140, 320],
    ],
    [
      [2, 'on', 3],
      [1, 'above', 2],
      [0, 'above', 3],
    ],
  ),
  example(
    'Elephant with a ball',
    [
      ['tree', 0, 0],
      ['elephant', 260, 0],
      ['ball', 520, 0],
      ['sand', 260, 170],
    ],
    [
      [1, 'standing on', 3],
      [2, 'in front of', 1],
      [2, 'on', 3],
      [0, 'left of', 1],
    ],
  ),
  example(
    'Snowed-in house',
    [
      ['sky', 140, 0],
      ['house', 0, 150],
      ['tree', 280, 150],
      ['man', 0, 300],
      ['snow', 140, 450],
    ],
    [
      [0, 'above', 1],
      [1, 'on', 4],
      [2, 'next to', 1],
      [3, 'in front of', 1],
      [3, 'standing on', 4],
    ],
  ),
  example(
    'Plane above the farm',
    [
      ['plane', 260, 0],
      ['cow', 0, 160],
      ['house', 260, 160],
      ['grass', 130, 320],
    ],
    [
      [0, 'above', 2],
      [1, 'left of', 2],
      [1, 'standing on', 3],
      [2, 'on', 3],
    ],
  ),
  example(
    'Two dogs, one ball',
    [
      ['dog', 0, 0],
      ['ball', 220, 0],
      ['dog', 440, 0],
      ['sand', 220, 160],
    ],
    [
      [0, 'left of', 1],
      [2, 'right of', 1],
      [1, 'on', 3],
    ],
  ),
  example(
    'Family on a walk',
    [
      ['sky', 300, 0],
      ['tree', 600, 150],
      ['man', 0, 150],
      ['woman', 200, 150],
      ['boy', 400, 150],
      ['dog', 600, 300],
      ['road', 200, 320],
    ],
    [
      [2, 'left of', 3],
      [3, 'next to', 4],
      [5, 'right of', 4],
      [2, 'standing on', 6],
      [3, 'standing on', 6],
      [1, 'behind', 4],
      [0, 'above', 1],
    ],
  ),
  example(
    'Evening on the couch',
    [
      ['wall', 480, 0],
      ['clock', 0, 0],
      ['cat', 240, 0],
      ['couch', 240, 160],
      ['tv', 480, 160],
      ['floor', 240, 320],
    ],
    [
      [2, 'on', 3],
      [3, 'on', 5],
      [4, 'right of', 3],
      [1, 'above', 3],
      [0, 'above', 5],
    ],
  ),
  example(
    'Picnic table',
    [
      ['cake', 240, 0],
      ['cup', 0, 0],
      ['table', 240, 160],
      ['chair', 480, 160],
      ['grass', 240, 320],
    ],
    [
      [0, 'on', 2],
      [1, 'left of', 0],
      [3, 'right of', 2],
      [2, 'on', 4],
    ],
  ),
  example(
    'Girl on a bike',
    [
      ['girl', 0, 0],
      ['house', 280, 0],
      ['bike', 0, 160],
      ['road', 140, 320],
    ],
    [
      [0, 'riding', 2],
      [2, 'on', 3],
      [1, 'behind', 2],
    ],
  ),
  example(
    'Giraffe by a mountain',
    [
      ['sky', 240, 0],
      ['mountain', 480, 150],
      ['giraffe', 0, 150],
      ['bird', 0, 0],
      ['field', 240, 300],
    ],
    [
      [0, 'above', 4],
      [3, 'above', 2],
      [2, 'standing on', 4],
      [1, 'behind', 2],
      [2, 'left of', 1],
    ],
  ),
];
