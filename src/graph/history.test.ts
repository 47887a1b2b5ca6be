import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moveObjects, relabelObject } from './edits.ts';
import { canRedo, canUndo, createHistory, HISTORY_LIMIT, type History, record, redo, undo } from './history.ts';
import { meadow, sceneGraphs } from './scene-graph.fixture.ts';

const start = createHistory(meadow);
const house = relabelObject(meadow, 'o3', 'house');
const car = relabelObject(meadow, 'o3', 'car');
const moved = (x: number) => moveObjects(meadow, new Map([['o1', { x, y: 0 }]]));

describe('record, undo and redo', () => {
  it('goes back and forth through labelled steps', () => {
    const two = record(record(start, house, 'Relabel tree'), car, 'Relabel house');
    expect(two.past.map(({ label }) => label)).toEqual(['Relabel tree', 'Relabel house']);
    const one = undo(two);
    expect(one.present).toBe(house);
    expect([one.past.at(-1)?.label, one.future.at(-1)?.label]).toEqual(['Relabel tree', 'Relabel house']);
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
