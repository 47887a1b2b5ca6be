import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RandomSource, seededRandom } from '#graph/random.ts';
import { pickWeighted } from './random.ts';

/** A source whose next uniform number is known. */
const saying = (uniform: number): RandomSource => ({ ...seededRandom(0), uniform: () => uniform });

describe('pickWeighted', () => {
  it('gives each item the part of [0, 1) that its weight is of all', () => {
    const weights = [1, 0, 2, 5];
    const drawn = (uniform: number) => pickWeighted(saying(uniform), [0, 1, 2, 3], (i) => weights[i]!);
    expect([0, 0.124, 0.125, 0.374, 0.375, 0.999].map(drawn)).toEqual([0, 0, 2, 2, 3, 3]);
  });

  it('draws every item as often as its weight says, and none without weight', () => {
    const weight = fc.nat(9);
    const some = fc.array(weight, { minLength: 1, maxLength: 8 }).filter((weights) => weights.some((w) => w > 0));
    fc.assert(
      fc.property(some, (weights) => {
        const total = weights.reduce((sum, w) => sum + w, 0);
        const counts = weights.map(() => 0);
        // The middles of as many equal parts as the weights have units.
        for (let part = 0; part < total; part++)
          counts[pickWeighted(saying((part + 0.5) / total), [...weights.keys()], (i) => weights[i]!)]!++;
        expect(counts).toEqual(weights);
      }),
    );
  });
});
