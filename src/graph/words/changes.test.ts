import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { swapRelation } from '#graph/edits.ts';
import { sceneGraphs } from '#graph/scene-graph.fixture.ts';
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
    expect(changes.labels).toEqual(['left of → right of']);
    expect(changes.before).toEqual({ objects: ['a', 'b'], relations: ['r1'] });
    expect(changes.after).toEqual({ objects: ['a', 'b'], relations: ['r1'] });
  });

  it('names what was added, removed and relabelled', () => {
    const after: SceneGraph = {
      ...before,
      objects: [object('a', 'cow'), object('b', 'tree'), object('c', 'grass'), object('d', 'cat')],
      relations: [before.relations[0]!],
    };
    const { sentences, labels, after: reached } = changesBetween(before, after);
    expect(labels).toEqual(['sheep → cow', '+ cat', '− on']);
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
    expect(changesBetween(before, after)).toEqual({ sentences: [], labels: [], before: nothing, after: nothing });
  });

  it('names a swap, and an edge that leads elsewhere by both of its sentences', () => {
    expect(changesBetween(before, swapRelation(before, 'r1')).labels).toEqual(['left of, swapped']);
    const elsewhere = { ...before, relations: [{ ...before.relations[0]!, object: 'c' }, before.relations[1]!] };
    expect(changesBetween(before, elsewhere).labels).toEqual(['sheep left of tree → sheep left of grass']);
  });

  it('of any two graphs: a label for each sentence, none for the same graph, and the way back says the reverse', () => {
    const mirrored = (label: string) => {
      if (label.startsWith('+ ')) return `− ${label.slice(2)}`;
      if (label.startsWith('− ')) return `+ ${label.slice(2)}`;
      return label.split(' → ').reverse().join(' → ');
    };
    fc.assert(
      fc.property(sceneGraphs, sceneGraphs, (a, b) => {
        const { labels, sentences } = changesBetween(a, b);
        expect(labels).toHaveLength(sentences.length);
        expect(changesBetween(a, a).labels).toEqual([]);
        expect(changesBetween(b, a).labels.map(mirrored).sort()).toEqual([...labels].sort());
      }),
    );
  });
});
