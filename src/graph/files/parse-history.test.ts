import { describe, expect, it } from 'vitest';
import { relabelObject } from '#graph/edits.ts';
import { createHistory, record, undo } from '#graph/history.ts';
import { meadow } from '#graph/scene-graph.fixture.ts';
import { parseHistory } from './parse-history.ts';

const start = createHistory(meadow);
const house = relabelObject(meadow, 'o3', 'house');
const car = relabelObject(meadow, 'o3', 'car');

describe('parseHistory', () => {
  it('reads back what JSON keeps', () => {
    const history = undo(record(record(start, house, 'a'), car, 'b'));
    expect(parseHistory(JSON.parse(JSON.stringify(history)))).toEqual(history);
  });

  it('refuses damaged storage with a path', () => {
    expect(() => parseHistory({ ...start, past: [{ label: 'a', graph: { ...meadow, version: 3 } }] })).toThrow(
      'past[0].graph.version',
    );
    expect(() => parseHistory('nothing')).toThrow();
  });
});
