import { beforeEach, describe, expect, it } from 'vitest';
import { formatSceneGraph, parseSceneGraph } from '#graph/files/parse.ts';
import { createHistory } from '#graph/history.ts';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import { currentGraph, useDocument } from './document-store.ts';
import * as gestures from './gestures.ts';

const start: SceneGraph = {
  ...EMPTY_SCENE_GRAPH,
  objects: [
    { id: 'o1', label: 'sheep', attributes: [], position: { x: 0, y: 0 } },
    { id: 'o2', label: 'grass', attributes: [], position: { x: 0, y: 100 } },
  ],
  relations: [{ id: 'r1', subject: 'o1', predicate: 'on', object: 'o2' }],
};
const store = () => useDocument.getState();
const steps = () => store().history.past.length;

beforeEach(() => store().restore('Test', createHistory(start)));

describe('gestures', () => {
  it('make one step each, and undo and redo take them back and forth', () => {
    gestures.createObject('tree', { x: 9, y: 9 });
    gestures.relate('o3', 'behind', 'o1');
    gestures.changePredicate('r1', 'standing on');
    gestures.perturb('r1', { kind: 'swap' });
    expect(steps()).toBe(4);
    const after = currentGraph();
    for (let i = 0; i < 4; i++) store().undo();
    expect(currentGraph()).toEqual(start);
    for (let i = 0; i < 4; i++) store().redo();
    expect(currentGraph()).toEqual(after);
  });

  it('select what they made', () => {
    gestures.createObject('tree', { x: 0, y: 0 });
    expect(store().selection).toEqual({ objects: ['o3'], relations: [] });
    gestures.relate('o3', 'behind', 'o1');
    expect(store().selection).toEqual({ objects: [], relations: ['r2'] });
  });

  it('add an object with its relation in a single step', () => {
    gestures.branch('o1', 'next to', 'dog', { x: 5, y: 5 });
    expect(steps()).toBe(1);
    expect(currentGraph().objects.at(-1)?.label).toBe('dog');
    expect(currentGraph().relations.at(-1)).toMatchObject({ subject: 'o1', predicate: 'next to', object: 'o3' });
    store().undo();
    expect(currentGraph()).toEqual(start);
  });

  it('keep the graph when an edit is refused', () => {
    gestures.relate('o1', 'on', 'o1');
    expect(currentGraph()).toBe(start);
    expect(steps()).toBe(0);
  });

  it('leave no step behind when nothing changed', () => {
    gestures.relabel('o1', 'sheep');
    gestures.move(new Map([['o1', { x: 0, y: 0 }]]));
    expect(steps()).toBe(0);
  });

  it('duplicate the selection with its inner relations', () => {
    store().select({ objects: ['o1', 'o2'] });
    gestures.duplicateSelection();
    expect(currentGraph().objects.map(({ label }) => label)).toEqual(['sheep', 'grass', 'sheep', 'grass']);
    expect(currentGraph().relations).toHaveLength(2);
    expect(store().selection.objects).toEqual(['o3', 'o4']);
  });

  it('toggle an attribute on all of several objects', () => {
    gestures.toggleAttribute(['o1'], 'white');
    gestures.toggleAttribute(['o1', 'o2'], 'white');
    expect(currentGraph().objects.map(({ attributes }) => attributes)).toEqual([['white'], ['white']]);
    gestures.toggleAttribute(['o1', 'o2'], 'white');
    expect(currentGraph().objects.map(({ attributes }) => attributes)).toEqual([[], []]);
  });

  it('give no object more attributes than its file may have', () => {
    for (let i = 0; i < 20; i++) gestures.toggleAttribute(['o1'], `word ${i}`);
    const saved = JSON.parse(formatSceneGraph(currentGraph()));
    expect(parseSceneGraph(saved, '').objects[0]!.attributes).toHaveLength(16);
    gestures.toggleAttribute(['o1'], 'word 3');
    expect(currentGraph().objects[0]!.attributes).toHaveLength(15);
  });
});

describe('selection', () => {
  it('forgets what is removed, by an edit or by undo', () => {
    store().select({ objects: ['o1'], relations: ['r1'] });
    gestures.removeSelection();
    expect(currentGraph()).toMatchObject({ objects: [{ id: 'o2' }], relations: [] });
    expect(store().selection).toEqual({ objects: [], relations: [] });
    store().undo();
    gestures.createObject('tree', { x: 0, y: 0 });
    store().undo();
    expect(store().selection.objects).toEqual([]);
  });

  it('keeps its arrays when the same ids are chosen again', () => {
    store().select({ objects: ['o1'] });
    const { objects } = store().selection;
    store().select({ objects: ['o1'] });
    expect(store().selection.objects).toBe(objects);
  });
});

describe('replace', () => {
  it('opens another graph as one step that undo takes back', () => {
    store().replace('Other', EMPTY_SCENE_GRAPH);
    expect(currentGraph()).toBe(EMPTY_SCENE_GRAPH);
    store().undo();
    expect(currentGraph()).toBe(start);
  });
});
