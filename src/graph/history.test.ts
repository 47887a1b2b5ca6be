import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addObject, moveObjects, relabelObject } from './edits.ts';
import {
  cancelPreview,
  canRedo,
  canUndo,
  createHistory,
  HISTORY_LIMIT,
  type History,
  never,
  parseHistory,
  preview,
  record,
  redo,
  redoLabel,
  undo,
  undoLabel,
} from './history.ts';
import { meadow, sceneGraphs } from './scene-graph.fixture.ts';

const start = createHistory(meadow);
const house = relabelObject(meadow, 'o3', 'house');
const car = relabelObject(meadow, 'o3', 'car');
const moved = (x: number) => moveObjects(meadow, new Map([['o1', { x, y: 0 }]]));

describe('record, undo and redo', () => {
  it('goes back and forth through labelled steps', () => {
    const two = record(record(start, house, 'Relabel tree'), car, 'Relabel house');
    expect([undoLabel(two), redoLabel(two)]).toEqual(['Relabel house', undefined]);
    const one = undo(two);
    expect(one.present).toBe(house);
    expect([undoLabel(one), redoLabel(one)]).toEqual(['Relabel tree', 'Relabel house']);
    expect(undo(one).present).toBe(meadow);
    expect(redo(redo(undo(one)))).toEqual(two);
  });

  it('stops at both ends', () => {
    expect(undo(start)).toBe(start);
    expect(redo(start)).toBe(start);
    expect([canUndo(start), canRedo(start)]).toEqual([false, false]);
  });

  it('forgets the future when something new is done, and nothing when nothing is', () => {
    const undone = undo(record(start, house, 'a'));
    expect(canRedo(record(undone, car, 'b'))).toBe(false);
    expect(canRedo(record(undone, moved(0), 'no move'))).toBe(true);
    expect(canUndo(record(undone, { ...meadow }, 'no change'))).toBe(false);
  });

  it('keeps at least 200 steps, and a bound', () => {
    let history: History = start;
    for (let i = 1; i <= HISTORY_LIMIT + 50; i++) history = record(history, moved(i), `move ${i}`);
    expect(history.past).toHaveLength(HISTORY_LIMIT);
    expect(HISTORY_LIMIT).toBeGreaterThanOrEqual(200);
    for (let i = 0; i < 200; i++) history = undo(history);
    expect(history.present).toEqual(moved(HISTORY_LIMIT + 50 - 200));
  });

  it('undo takes back any sequence of steps, and redo repeats it', () => {
    fc.assert(
      fc.property(fc.array(sceneGraphs, { minLength: 1, maxLength: 12 }), ([first, ...rest]) => {
        const done = rest.reduce((history, graph, i) => record(history, graph, `${i}`), createHistory(first!));
        let history = done;
        while (canUndo(history)) history = undo(history);
        expect(history.present).toEqual(first);
        while (canRedo(history)) history = redo(history);
        expect(history).toEqual(done);
      }),
    );
  });
});

describe('preview', () => {
  it('makes one step of a whole gesture', () => {
    const dragged = [1, 2, 3].reduce((history, x) => preview(history, moved(x)), start);
    expect(dragged.present).toEqual(moved(3));
    expect(canUndo(dragged)).toBe(false);
    const dropped = record(dragged, moved(4), 'Move sheep');
    expect(dropped.past).toHaveLength(1);
    expect(undo(dropped).present).toBe(meadow);
  });

  it('can be given up, and is by undo', () => {
    const dragged = preview(record(start, house, 'a'), moved(9));
    expect(cancelPreview(dragged).present).toBe(house);
    expect(undo(dragged).present).toBe(meadow);
    expect(redo(undo(dragged)).present).toBe(house);
    expect(redo(preview(undo(dragged), moved(5))).present).toBe(house);
    expect(cancelPreview(start)).toBe(start);
    expect(undo(preview(start, moved(2)))).toEqual(start);
  });

  it('leaves no step when the node comes back to where it was', () => {
    const there = preview(undo(record(start, house, 'a')), moved(50));
    const back = moveObjects(there.present, new Map([['o1', { x: 0, y: 0 }]]));
    const done = record(there, back, 'Move sheep');
    expect([canUndo(done), canRedo(done), done.gestureStart]).toEqual([false, true, undefined]);
  });
});

describe('never', () => {
  it('is not taken back by undo, nor lost by redo', () => {
    const history = undo(record(record(start, house, 'a'), car, 'b'));
    const changed = never(history, (graph) => addObject(graph, { label: 'sky', position: { x: 0, y: 0 } }).graph);
    for (const version of [changed, undo(changed), redo(changed)]) {
      expect(version.present.objects.map((o) => o.label)).toContain('sky');
    }
    expect(changed.past).toHaveLength(history.past.length);
  });
});

describe('parseHistory', () => {
  it('reads back what JSON keeps', () => {
    const history = undo(record(record(start, house, 'a'), car, 'b'));
    expect(parseHistory(JSON.parse(JSON.stringify(history)))).toEqual(history);
    const dragged = JSON.parse(JSON.stringify(preview(history, moved(7))));
    expect(parseHistory(dragged)).toEqual(history);
  });

  it('refuses damaged storage with a path', () => {
    expect(() => parseHistory({ ...start, past: [{ label: 'a', graph: { ...meadow, version: 3 } }] })).toThrow(
      'past[0].graph.version',
    );
    expect(() => parseHistory('nothing')).toThrow();
  });
});
