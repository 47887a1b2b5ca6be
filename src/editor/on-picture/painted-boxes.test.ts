import { describe, expect, it } from 'vitest';
import { pictureRecord } from '#editor/history/picture-record.fixture.ts';
import { relabelObject } from '#graph/edits.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { paintedBoxes } from './painted-boxes.ts';

const graph = graphOf(['dog', 'cat', 'tree'], [[0, 'left of', 1]]);
/** All three by attention, in a row of four cells. */
const attention = {
  width: 4,
  height: 1,
  objects: {
    o1: new Float32Array([1, 0.6, 0, 0]),
    o2: new Float32Array([0, 0, 1, 0]),
    o3: new Float32Array([0, 0, 0.3, 1]),
  },
  relations: {},
};

describe('where the things of a picture are', () => {
  it('is where the verifier saw them, else where their attention is strong; what is missing is nowhere', () => {
    const sightings = { o1: { box: [0.1, 0.2, 0.3, 0.4], score: 0.9 } } as const;
    const verification = { objects: { o1: 'found', o2: 'missing', o3: 'unsure' }, relations: {}, sightings } as const;
    const boxes = paintedBoxes(pictureRecord({ graph }, { attention, verification }), graph);
    expect([...boxes]).toEqual([
      ['o1', [0.1, 0.2, 0.3, 0.4]],
      ['o3', [0.75, 0, 1, 1]],
    ]);
  });

  it('is by attention alone in a picture that nobody verified', () => {
    const boxes = paintedBoxes(pictureRecord({ graph }, { attention }), graph);
    expect(boxes.get('o1')).toEqual([0, 0, 0.5, 1]);
    expect(boxes.size).toBe(3);
  });

  it('is nowhere for what has changed since, and without a picture', () => {
    const record = pictureRecord({ graph }, { attention });
    expect([...paintedBoxes(record, relabelObject(graph, 'o1', 'fox')).keys()]).toEqual(['o2', 'o3']);
    expect(paintedBoxes(null, graph).size).toBe(0);
  });
});
