import { describe, expect, it } from 'vitest';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { attentionOf, movedObjects } from './attention.ts';
import { pictureRecord } from './picture-record.fixture.ts';

/** Two objects over a grid of 4 × 1, at these columns. */
function picture(document: string, first: number, second: number) {
  const at = (column: number) => new Float32Array(4).fill(0).fill(1, column, column + 1);
  const attention = { width: 4, height: 1, objects: { o1: at(first), o2: at(second) }, relations: { r1: at(3) } };
  const graph = graphOf(['dog', 'cat'], [[0, 'left of', 1]]);
  return pictureRecord({ document, graph }, { attention });
}

describe('attentionOf', () => {
  it('is an object’s own, and of a relation that of its two ends', () => {
    const record = picture('d', 0, 2);
    expect(attentionOf(record, { type: 'object', id: 'o1' })).toEqual(new Float32Array([1, 0, 0, 0]));
    expect(attentionOf(record, { type: 'relation', id: 'r1' })).toEqual(new Float32Array([1, 0, 1, 0]));
    expect(attentionOf(record, { type: 'relation', id: 'r9' })).toBeUndefined();
  });
});

describe('movedObjects', () => {
  it('counts what is elsewhere, within one document', () => {
    expect(movedObjects(picture('d', 0, 2), picture('d', 0, 2))).toEqual({ moved: 0, of: 2 });
    expect(movedObjects(picture('d', 0, 2), picture('d', 2, 2))).toEqual({ moved: 1, of: 2 });
    expect(movedObjects(picture('d', 0, 2), picture('e', 2, 0))).toBeUndefined();
  });
});
