import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { currentGraph, useDocument } from '#editor/document/document-store.ts';
import { createHistory } from '#graph/history.ts';
import { meadow, sceneGraphs } from '#graph/scene-graph.fixture.ts';
import { EMPTY_SCENE_GRAPH } from '#graph/scene-graph.ts';
import { insertGraph, withChosen } from './insert-graph.ts';

beforeEach(() => {
  useDocument.getState().restore('Untitled', createHistory(EMPTY_SCENE_GRAPH));
});

test('what is added stands beside what was there, and one undo takes all of it back', () => {
  fc.assert(
    fc.property(sceneGraphs, sceneGraphs, (graph, added) => {
      useDocument.getState().restore('Untitled', createHistory(graph));
      insertGraph(added, 'add');
      const { objects, relations } = currentGraph();
      expect(objects.slice(0, graph.objects.length)).toEqual(graph.objects);
      expect(objects).toHaveLength(graph.objects.length + added.objects.length);
      expect(relations).toHaveLength(graph.relations.length + added.relations.length);
      const right = Math.max(...graph.objects.map(({ position }) => position.x));
      for (const { position } of objects.slice(graph.objects.length)) expect(position.x).toBeGreaterThan(right);
      if (added.objects.length > 0) useDocument.getState().undo();
      expect(currentGraph()).toEqual(graph);
    }),
  );
});

test('replacing is one step too', () => {
  useDocument.getState().restore('Untitled', createHistory(meadow));
  const dog = { ...EMPTY_SCENE_GRAPH, objects: [{ ...meadow.objects[0]!, label: 'dog' }] };
  insertGraph(dog, 'replace');
  expect(currentGraph().objects.map(({ label }) => label)).toEqual(['dog']);
  useDocument.getState().undo();
  expect(currentGraph()).toEqual(meadow);
});

test('an open relation gets the predicate that was chosen for its words, and stays out without one', () => {
  const open = [{ subject: 'o1', words: 'eating', object: 'o2' }];
  expect(withChosen(meadow, open, () => undefined)).toBe(meadow);
  const { relations } = withChosen(meadow, open, (words) => (words === 'eating' ? 'on' : undefined));
  expect(relations.at(-1)).toEqual({ id: 'r3', subject: 'o1', predicate: 'on', object: 'o2' });
});
