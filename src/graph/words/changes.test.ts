import { describe, expect, it } from 'vitest';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import { changesBetween } from './changes.ts';

const object = (id: string, label: string, attributes: string[] = []) => ({
  id,
  label,
  attributes,
  position: { x: 0, y: 0 },
});
const before: SceneGraph = {
  ...EMPTY_SCENE_GRAPH,
  objects: [object('a', 'sheep'), object('b', 'tree'), object('c', 'grass')],
  relations: [
    { id: 'r1', subject: 'a', predicate: 'left of', object: 'b' },
    { id: 'r2', subject: 'b', predicate: 'on', object: 'c' },
  ],
};

describe('changesBetween', () => {
  it('names a changed predicate and reaches the edge and its ends', () => {
    const after = { ...before, relations: [{ ...before.relations[0]!, predicate: 'right of' }, before.relations[1]!] };
    const changes = changesBetween(before, after);
    expect(changes.sentences).toEqual(['sheep left of tree → sheep right of tree']);
    expect(changes.before).toEqual({ objects: ['a', 'b'], relations: ['r1'] });
    expect(changes.after).toEqual({ objects: ['a', 'b'], relations: ['r1'] });
  });

  it('names what was added, removed and relabelled', () => {
    const after: SceneGraph = {
      ...before,
      objects: [object('a', 'cow'), object('b', 'tree'), object('c', 'grass'), object('d', 'cat')],
      relations: [before.relations[0]!],
    };
    const { sentences, after: reached } = changesBetween(before, after);
    expect(sentences).toEqual(['sheep → cow', 'cat added', 'tree on grass removed']);
    expect(reached).toEqual({ objects: ['a', 'd'], relations: [] });
  });

  it('sees no change in other places, ids of equal relations, or another order', () => {
    const after: SceneGraph = {
      ...before,
      objects: before.objects.map((each) => ({ ...each, position: { x: 9, y: 9 } })).reverse(),
      relations: before.relations.map((relation, i) => ({ ...relation, id: `other${i}` })).reverse(),
    };
    const nothing = { objects: [], relations: [] };
    expect(changesBetween(before, after)).toEqual({ sentences: [], before: nothing, after: nothing });
  });
});
