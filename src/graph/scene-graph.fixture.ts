/** Random scene graphs for property tests. */
import fc from 'fast-check';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from './scene-graph.ts';

const labels = ['sheep', 'tree', 'grass', 'sky', 'boy', 'horse'];
const predicates = ['left of', 'above', 'riding', 'on', 'next to'];

/** Up to 6 objects and 8 relations between different objects. */
export const sceneGraphs: fc.Arbitrary<SceneGraph> = fc.integer({ min: 0, max: 6 }).chain((n) => {
  const coordinate = fc.integer({ min: -1000, max: 1000 });
  const object = fc.record({
    label: fc.constantFrom(...labels),
    attributes: fc.subarray(['white', 'big']),
    position: fc.record({ x: coordinate, y: coordinate }),
  });
  const end = fc.nat(Math.max(0, n - 1));
  const relation = fc.tuple(end, fc.constantFrom(...predicates), end).filter(([subject, , other]) => subject !== other);
  return fc
    .tuple(
      fc.array(object, { minLength: n, maxLength: n }),
      n < 2 ? fc.constant([]) : fc.uniqueArray(relation, { maxLength: 8, selector: (triple) => triple.join() }),
    )
    .map(([objects, triples]) => ({
      ...EMPTY_SCENE_GRAPH,
      objects: objects.map((o, i) => ({ id: `o${i + 1}`, ...o })),
      relations: triples.map(([subject, predicate, other], i) => ({
        id: `r${i + 1}`,
        subject: `o${subject + 1}`,
        predicate,
        object: `o${other + 1}`,
      })),
    }));
});

/** A sheep on grass, a tree behind it. */
export const meadow: SceneGraph = {
  ...EMPTY_SCENE_GRAPH,
  objects: [
    { id: 'o1', label: 'sheep', attributes: ['white'], position: { x: 0, y: 0 } },
    { id: 'o2', label: 'grass', attributes: [], position: { x: 0, y: 200 } },
    { id: 'o3', label: 'tree', attributes: [], position: { x: 300, y: 0 } },
  ],
  relations: [
    { id: 'r1', subject: 'o1', predicate: 'standing on', object: 'o2' },
    { id: 'r2', subject: 'o3', predicate: 'behind', object: 'o1' },
  ],
};
