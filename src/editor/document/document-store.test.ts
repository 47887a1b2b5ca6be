import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { formatSceneGraph, parseSceneGraph } from '#graph/files/parse.ts';
import { parseHistory } from '#graph/files/parse-history.ts';
import { createHistory } from '#graph/history.ts';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import { texts } from '#graph/text.fixture.ts';
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

describe('the document', () => {
  const document = () => store().history.document;

  it('is another one after a graph was opened, and the same again after undo', () => {
    const first = document();
    gestures.createObject('tree', { x: 0, y: 0 });
    expect(document()).toBe(first);
    store().replace('Other', EMPTY_SCENE_GRAPH);
    expect(document()).not.toBe(first);
    const second = document();
    store().undo();
    expect(document()).toBe(first);
    store().redo();
    expect(document()).toBe(second);
    store().apply('Restore picture', () => start, first);
    expect([document(), currentGraph()]).toEqual([first, start]);
  });

  it('stays when the very graph on the canvas is opened, and is named when that graph is restored as a part of another', () => {
    const first = document();
    store().replace('Same', structuredClone(start));
    expect([document(), store().name, steps()]).toEqual([first, 'Same', 0]);
    store().apply('Restore picture', () => start, 'other');
    expect([document(), steps()]).toEqual(['other', 0]);
  });

  it('gives no id a second time, whatever was removed, undone or opened between', () => {
    gestures.createObject('tree', { x: 0, y: 0 });
    store().select({ objects: ['o3'] });
    gestures.removeSelection();
    gestures.createObject('cat', { x: 0, y: 0 });
    expect(currentGraph().objects.map(({ id }) => id)).toEqual(['o1', 'o2', 'o4']);
    store().undo();
    gestures.createObject('dog', { x: 0, y: 0 });
    expect(currentGraph().objects.at(-1)?.id).toBe('o5');
    store().restore('Test', parseHistory(structuredClone(store().history)));
    store().undo();
    gestures.createObject('bird', { x: 0, y: 0 });
    expect(currentGraph().objects.at(-1)?.id).toBe('o6');
  });

  it('of a session of before there were any is one', () => {
    const { past, present, future } = store().history;
    store().restore('Old', parseHistory(structuredClone({ past, present, future })));
    expect(document()).not.toBe('');
  });
});

describe('the name', () => {
  it('is the document’s own: undo and redo past another one bring each back with its name, and what is known of it', () => {
    const first = store().history.document;
    store().rename('Meadow');
    store().know(first, { kept: { entry: 'e', revision: 'r' } });
    store().replace('Field', EMPTY_SCENE_GRAPH, 'field');
    expect(store().history.document).toBe('field');
    expect(store().name).toBe('Field');
    store().undo();
    expect([store().name, store().documents[first]?.kept?.entry]).toEqual(['Meadow', 'e']);
    store().redo();
    expect(store().name).toBe('Field');
    // The same graph as another document is another document.
    store().replace('Field copy', EMPTY_SCENE_GRAPH, 'copy');
    expect([store().name, store().history.document]).toEqual(['Field copy', 'copy']);
  });
});

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
    gestures.branch('o1', 'next to', { label: 'dog', attributes: ['brown'] }, { x: 5, y: 5 });
    expect(steps()).toBe(1);
    expect(currentGraph().objects.at(-1)?.label).toBe('dog');
    expect(currentGraph().relations.at(-1)).toMatchObject({ subject: 'o1', predicate: 'next to', object: 'o3' });
    store().undo();
    expect(currentGraph()).toEqual(start);
  });

  it('add several of a kind beside each other, in a single step', () => {
    gestures.createObjects({ label: 'dog', attributes: ['red'], count: 2 }, { x: 5, y: 5 });
    expect(steps()).toBe(1);
    expect(store().selection.objects).toEqual(['o3', 'o4']);
    expect(currentGraph().objects.slice(2)).toMatchObject([
      { label: 'dog', attributes: ['red'], position: { x: 5 } },
      { label: 'dog', attributes: ['red'], position: { x: 155 } },
    ]);
    gestures.describeAs('o3', { label: 'cat', attributes: [] });
    expect(currentGraph().objects[2]).toMatchObject({ label: 'cat', attributes: [] });
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

describe('whatever the hand does, storage reads back', () => {
  const readsBack = () => {
    const { name, history } = store();
    expect(parseHistory(structuredClone(history))).toEqual(history);
    expect(name.length).toBeLessThanOrEqual(200);
  };
  const graphOf = (objects: SceneGraph['objects']): SceneGraph => ({ ...EMPTY_SCENE_GRAPH, objects });
  const cars = (count: number) =>
    graphOf(
      Array.from({ length: count }, (_, i) => ({
        id: `o${i}`,
        label: 'car',
        attributes: [],
        position: { x: i, y: 0 },
      })),
    );

  it('a word with a control character is tidied, one that is too long is refused', () => {
    gestures.changePredicate('r1', 'stan\u0007ding\ton ');
    expect(currentGraph().relations[0]!.predicate).toBe('stan ding on');
    gestures.relabel('o1', 'a'.repeat(65));
    gestures.relate('o1', '\u0000', 'o2');
    expect(steps()).toBe(1);
    readsBack();
  });

  it('the name of a file of 220 letters is cut', () => {
    store().replace('x'.repeat(220), EMPTY_SCENE_GRAPH);
    readsBack();
  });

  it('600 objects are not duplicated', () => {
    store().replace('Cars', cars(600));
    store().select({ objects: currentGraph().objects.map(({ id }) => id) });
    gestures.duplicateSelection();
    expect(currentGraph().objects).toHaveLength(600);
    readsBack();
  });

  it('an object at the far end of the canvas is duplicated there', () => {
    gestures.move(new Map([['o1', { x: 1e6, y: Number.POSITIVE_INFINITY }]]));
    store().select({ objects: ['o1'] });
    gestures.duplicateSelection();
    expect(currentGraph().objects.at(-1)!.position.x).toBe(1e6);
    readsBack();
  });

  it('an id of the highest number is duplicated twice', () => {
    for (const id of ['o999999', 'o999999999']) {
      store().replace('One', graphOf([{ id, label: 'car', attributes: [], position: { x: 0, y: 0 } }]));
      for (let i = 0; i < 3; i++) {
        store().select({ objects: currentGraph().objects.map((object) => object.id) });
        gestures.duplicateSelection();
      }
      expect(currentGraph().objects).toHaveLength(8);
      readsBack();
    }
  });

  it('any gestures with any words and places', () => {
    const word = fc.oneof(texts(80), fc.constantFrom('car', 'a\u0000b', ' ', ''));
    const place = fc.record({ x: fc.double(), y: fc.double() });
    const any = <T>(items: readonly T[], at: number): T | undefined => items[at % items.length];
    const gesture = fc.tuple(fc.nat(7), fc.nat(), fc.nat(), word, place);
    fc.assert(
      fc.property(fc.array(gesture, { maxLength: 25 }), (all) => {
        store().restore('Test', createHistory(start));
        for (const [kind, i, j, text, at] of all) {
          const { objects, relations } = currentGraph();
          const [one, other] = [any(objects, i)?.id, any(objects, j)?.id];
          const relation = any(relations, i)?.id;
          if (kind === 0) gestures.createObject(text, at);
          if (kind === 1 && one && other) gestures.relate(one, text, other);
          if (kind === 2 && one) gestures.branch(one, text, { label: text, attributes: [text] }, at);
          if (kind === 3 && one) gestures.relabel(one, text);
          if (kind === 4 && relation) gestures.changePredicate(relation, text);
          if (kind === 5 && one) gestures.toggleAttribute([one], text);
          if (kind === 6 && one) gestures.move(new Map([[one, at]]));
          if (kind === 7 && one) {
            store().select({ objects: [one] });
            gestures.duplicateSelection();
          }
        }
        readsBack();
      }),
      { numRuns: 60 },
    );
  });
});
