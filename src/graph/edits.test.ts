import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addObject,
  addRelation,
  copy,
  duplicate,
  GraphEditError,
  moveObjects,
  paste,
  relabelObject,
  relabelRelation,
  remove,
  setAttributes,
  swapRelation,
} from './edits.ts';
import { parseSceneGraph } from './files/parse.ts';
import { meadow, sceneGraphs } from './scene-graph.fixture.ts';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from './scene-graph.ts';

const origin = { x: 0, y: 0 };

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof GraphEditError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
}

describe('objects', () => {
  it('are added under fresh ids', () => {
    const { graph, id } = addObject(meadow, { label: 'sky', position: { x: 5, y: 6 } });
    expect(id).toBe('o4');
    expect(graph.objects.at(-1)).toEqual({ id: 'o4', label: 'sky', attributes: [], position: { x: 5, y: 6 } });
    expect(meadow.objects).toHaveLength(3);
    expect(addObject(EMPTY_SCENE_GRAPH, { label: 'sky', position: origin }).id).toBe('o1');
  });

  it('take their relations with them when removed', () => {
    const graph = remove(meadow, { objects: ['o1'] });
    expect(graph.objects.map((o) => o.id)).toEqual(['o2', 'o3']);
    expect(graph.relations).toEqual([]);
    expect(remove(meadow, { objects: ['o3'], relations: [] }).relations.map((r) => r.id)).toEqual(['r1']);
  });

  it('are relabelled, described and moved', () => {
    expect(relabelObject(meadow, 'o3', 'house').objects[2]!.label).toBe('house');
    expect(setAttributes(meadow, 'o3', ['big']).objects[2]!.attributes).toEqual(['big']);
    const moved = moveObjects(meadow, new Map([['o2', { x: 9, y: 9 }]]));
    expect(moved.objects.map((o) => o.position.x)).toEqual([0, 9, 300]);
  });
});

describe('relations', () => {
  it('are added once', () => {
    const { graph, id } = addRelation(meadow, { subject: 'o3', predicate: 'left of', object: 'o2' });
    expect(graph.relations.at(-1)).toEqual({ id: 'r3', subject: 'o3', predicate: 'left of', object: 'o2' });
    expect(id).toBe('r3');
    expect(addRelation(graph, { subject: 'o3', predicate: 'left of', object: 'o2' })).toEqual({ graph, id: 'r3' });
  });

  it('are relabelled, swapped and removed', () => {
    expect(relabelRelation(meadow, 'r2', 'left of').relations[1]!.predicate).toBe('left of');
    expect(swapRelation(meadow, 'r2').relations[1]).toEqual({
      id: 'r2',
      subject: 'o1',
      predicate: 'behind',
      object: 'o3',
    });
    expect(swapRelation(swapRelation(meadow, 'r2'), 'r2')).toEqual(meadow);
    expect(remove(meadow, { relations: ['r1'] }).relations.map((r) => r.id)).toEqual(['r2']);
  });
});

it('impossible edits are refused', () => {
  expect(codeOf(() => relabelObject(meadow, 'o9', 'x'))).toBe('unknown-object');
  expect(codeOf(() => addRelation(meadow, { subject: 'o1', predicate: 'on', object: 'o9' }))).toBe('unknown-object');
  expect(codeOf(() => addRelation(meadow, { subject: 'o1', predicate: 'on', object: 'o1' }))).toBe('self-loop');
  expect(codeOf(() => swapRelation(meadow, 'r9'))).toBe('unknown-relation');
});

it('an edit that changes nothing gives the same graph back', () => {
  expect(remove(meadow, { objects: ['o9'] })).toBe(meadow);
  expect(relabelObject(meadow, 'o1', 'sheep')).toBe(meadow);
  expect(setAttributes(meadow, 'o1', ['white'])).toBe(meadow);
  expect(moveObjects(meadow, new Map([['o1', { x: 0, y: 0 }]]))).toBe(meadow);
  expect(relabelRelation(meadow, 'r1', 'standing on')).toBe(meadow);
  expect(paste(meadow, EMPTY_SCENE_GRAPH, origin).graph).toBe(meadow);
});

describe('copy and paste', () => {
  it('takes the chosen objects and the relations among them', () => {
    const fragment = copy(meadow, ['o1', 'o2']);
    expect([fragment.objects.length, fragment.relations.length]).toEqual([2, 1]);
    const { graph, objectIds, relationIds } = paste(meadow, fragment, { x: 10, y: 20 });
    expect([objectIds, relationIds]).toEqual([['o4', 'o5'], ['r3']]);
    expect(graph.relations.at(-1)).toEqual({ id: 'r3', subject: 'o4', predicate: 'standing on', object: 'o5' });
    expect(graph.objects.at(-1)!.position).toEqual({ x: 10, y: 220 });
  });

  it('duplicates a whole graph beside itself', () => {
    fc.assert(
      fc.property(sceneGraphs, (graph) => {
        const twice = duplicate(
          graph,
          graph.objects.map((o) => o.id),
          { x: 40, y: 40 },
        ).graph;
        expect(twice.objects).toHaveLength(2 * graph.objects.length);
        expect(twice.relations).toHaveLength(2 * graph.relations.length);
        expect(parseSceneGraph(twice)).toEqual(twice);
      }),
    );
  });
});

it('any sequence of edits leaves a sound document', () => {
  const nth = <T>(items: readonly T[], n: number) => items[n % items.length]!;
  const steps: ((graph: SceneGraph, n: number) => SceneGraph)[] = [
    (graph) => addObject(graph, { label: 'cat', position: origin }).graph,
    (graph, n) => remove(graph, { objects: graph.objects.length > 0 ? [nth(graph.objects, n).id] : [] }),
    (graph, n) => {
      if (graph.objects.length < 2) return graph;
      const [subject, object] = [nth(graph.objects, n).id, nth(graph.objects, n + 1).id];
      return addRelation(graph, { subject, predicate: 'on', object }).graph;
    },
    (graph, n) => (graph.relations.length > 0 ? swapRelation(graph, nth(graph.relations, n).id) : graph),
    (graph, n) =>
      duplicate(
        graph,
        graph.objects.slice(n % 3, 2).map((o) => o.id),
        origin,
      ).graph,
  ];
  const sequence = fc.array(fc.tuple(fc.nat(steps.length - 1), fc.nat(20)), { maxLength: 25 });
  fc.assert(
    fc.property(sceneGraphs, sequence, (start, sequence) => {
      const graph = sequence.reduce((graph, [step, n]) => steps[step]!(graph, n), start);
      expect(parseSceneGraph(JSON.parse(JSON.stringify(graph)))).toEqual(graph);
    }),
  );
});
