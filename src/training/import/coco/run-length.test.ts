import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRunLengths, RunLengthError } from './run-length.ts';

/** Column by column, as annotators' tools write it. */
function runsOf(mask: readonly number[], width: number, height: number): number[] {
  const runs: number[] = [];
  let current = 0;
  let length = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      if (mask[y * width + x] === current) length++;
      else {
        runs.push(length);
        current = 1 - current;
        length = 1;
      }
    }
  }
  return [...runs, length];
}

describe('decodeRunLengths', () => {
  it.each([
    ['6320004', 5, 5, [0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]],
    ['122O', 3, 2, [0, 1, 0, 1, 0, 1]],
    ['Z11', 43, 1, [...Array.from({ length: 42 }, () => 0), 1]],
  ])("reads COCO's compressed text %s", (text, width, height, expected) => {
    expect([...decodeRunLengths(text, width, height)]).toEqual(expected);
  });

  it('gives back every mask that was written as runs', () => {
    const masks = fc
      .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
      .chain(([width, height]) =>
        fc
          .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
          .map((mask) => ({ mask, width, height })),
      );
    fc.assert(
      fc.property(masks, ({ mask, width, height }) => {
        expect([...decodeRunLengths(runsOf(mask, width, height), width, height)]).toEqual(mask);
      }),
    );
  });

  it.each([
    ['too short', [1, 2]],
    ['too long', [1, 2, 99]],
    ['negative', [5, -1, 5]],
    ['no character of the encoding', '6 2'],
    ['cut off', 'Z'],
  ])('refuses runs that are %s', (_, counts) => {
    expect(() => decodeRunLengths(counts, 3, 3)).toThrow(RunLengthError);
  });

  it('never does anything else with damaged text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(decodeRunLengths(text, 4, 3)).toHaveLength(12);
        } catch (error) {
          expect(error).toBeInstanceOf(RunLengthError);
        }
      }),
    );
  });
});
