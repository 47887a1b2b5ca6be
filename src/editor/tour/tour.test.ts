import { describe, expect, it } from 'vitest';
import { pictureRecord } from '#editor/history/picture-record.fixture.ts';
import { addObject, addRelation, relabelRelation, swapRelation } from '#graph/edits.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import { advance, beginTour, type Scene } from './tour.ts';

const at = { x: 0, y: 0 };
const add = (graph: SceneGraph, label: string) => addObject(graph, { label, position: at }).graph;
const one = add(EMPTY_SCENE_GRAPH, 'dog');
const two = add(one, 'cat');
const [dog, cat] = two.objects.map(({ id }) => id);
const related = addRelation(two, { subject: dog!, predicate: 'left of', object: cat! }).graph;
const [edge] = related.relations;
const turned = relabelRelation(related, edge!.id, 'right of');
const scene = (graph: SceneGraph, ...pictures: Scene['pictures']): Scene => ({ document: 'd', graph, pictures });
const picture = (id: string, graph: SceneGraph, document = 'd') => pictureRecord({ id, graph, document });
const old = picture('old', turned);
const first = picture('p1', related);

/** The step after each scene. */
function stepsOver(scenes: readonly Scene[]) {
  let tour = beginTour(scene(EMPTY_SCENE_GRAPH, old));
  return scenes.map((each) => {
    tour = advance(tour, each);
    return tour.step;
  });
}

describe('the tour', () => {
  it('is passed step by step, by doing each', () => {
    const steps = stepsOver([
      scene(one, old),
      scene(two, old),
      scene(related, old),
      scene(related, first, old),
      scene(swapRelation(related, edge!.id), first, old),
      scene(turned, picture('p2', turned), first, old),
      scene(EMPTY_SCENE_GRAPH),
    ]);
    expect(steps).toEqual(['add', 'relate', 'paint', 'turn', 'compare', 'done', 'done']);
  });

  it('is not passed by less: a picture of another graph, a moved object, the same picture again, an edge that is only gone', () => {
    const toPaint = [scene(two, old), scene(related, old)];
    const elsewhere = scene(related, picture('x', related, 'e'), old);
    expect(stepsOver([...toPaint, elsewhere]).at(-1)).toBe('paint');
    const toTurn = [...toPaint, scene(related, first, old)];
    const moved = { ...related, objects: related.objects.map((object) => ({ ...object, position: { x: 9, y: 9 } })) };
    expect(stepsOver([...toTurn, scene(moved, first), scene(two, first)]).at(-1)).toBe('turn');
    const toCompare = [...toTurn, scene(turned, first, old)];
    expect(stepsOver([...toCompare, scene(related, picture('p2', related), first)]).at(-1)).toBe('compare');
  });

  it('begins anew with another graph', () => {
    const other = { document: 'e', graph: graphOf(['boy', 'horse'], [[0, 'riding', 1]]), pictures: [first] };
    expect(stepsOver([scene(two, old), other, { ...other, graph: add(other.graph, 'tree') }])).toEqual([
      'relate',
      'add',
      'relate',
    ]);
  });
});
