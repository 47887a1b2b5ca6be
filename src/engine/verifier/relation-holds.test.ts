import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box } from '#graph/places/geometry.ts';
import { relationHolds } from './relation-holds.ts';

const at = (box: Box, depth = 0.5) => ({ box, depth });

const horse = at([0.3, 0.5, 0.7, 0.9], 0.5);
const grass = at([0, 0.5, 1, 1], 0);
const table = at([0.2, 0.55, 0.8, 0.95], 0.5);
const tree = at([0.3, 0.1, 0.8, 0.9], 0.3);

describe('relations between detections', () => {
  it.each([
    ['left of', at([0, 0.5, 0.2, 0.8]), horse, true],
    ['right of', at([0, 0.5, 0.2, 0.8]), horse, false],
    ['above', at([0.4, 0, 0.6, 0.2]), horse, true],
    ['below', horse, at([0.4, 0, 0.6, 0.2]), true],
    ['inside', at([0.4, 0.6, 0.5, 0.7]), horse, true],
    ['surrounding', horse, at([0.4, 0.6, 0.5, 0.7]), true],
    ['riding', at([0.4, 0.3, 0.6, 0.65]), horse, true],
    ['riding', at([0.4, 0, 0.6, 0.2]), horse, false],
    ['riding', at([0.75, 0.3, 0.95, 0.65]), horse, false],
    ['on', at([0.4, 0.4, 0.5, 0.57]), table, true],
    ['on', table, at([0.4, 0.4, 0.5, 0.57]), false],
    ['standing on', horse, grass, true],
    ['standing on', at([0.1, 0.05, 0.3, 0.3]), grass, false],
    ['under', at([0.4, 0.75, 0.6, 0.95]), table, true],
    ['under', at([0.4, 0.4, 0.5, 0.57]), table, false],
    ['under', at([0.45, 0.6, 0.65, 0.9]), tree, true],
    ['under', table, at([0.4, 0.4, 0.5, 0.57]), true],
    ['under', grass, horse, true],
    ['on', at([0.35, 0.6, 0.5, 0.8]), table, true],
    ['above', at([0, 0, 1, 0.5], 0), at([0.02, 0.4, 0.2, 0.8]), true],
    ['left of', at([0.02, 0.4, 0.2, 0.8]), at([0, 0, 1, 0.5], 0), false],
    ['holding', at([0.4, 0.4, 0.55, 0.9]), at([0.3, 0.1, 0.7, 0.6]), true],
    ['next to', at([0.75, 0.55, 0.95, 0.9]), horse, true],
    ['next to', at([0.05, 0.55, 0.1, 0.9]), horse, false],
    ['next to', at([0.4, 0.2, 0.6, 0.45]), horse, false],
    ['next to', at([0.4, 0.6, 0.5, 0.7]), horse, false],
    ['holding', at([0.3, 0.3, 0.5, 0.9]), at([0.48, 0.4, 0.6, 0.55]), true],
    ['holding', at([0.3, 0.3, 0.5, 0.9]), at([0.7, 0.4, 0.8, 0.55]), false],
    ['holding', at([0.48, 0.4, 0.6, 0.55]), at([0.3, 0.3, 0.5, 0.9]), false],
  ])('%s: %o to %o is %s', (predicate, subject, object, holds) => {
    expect(relationHolds(predicate, subject, object)).toBe(holds);
  });

  it('tells what is in front by nearness, and says so when it cannot', () => {
    const near = at([0.4, 0.5, 0.8, 0.95], 0.9);
    expect(relationHolds('in front of', near, horse)).toBe(true);
    expect(relationHolds('behind', near, horse)).toBe(false);
    expect(relationHolds('behind', horse, near)).toBe(true);
    expect(relationHolds('behind', at([0.4, 0.5, 0.8, 0.95], 0.51), horse)).toBeUndefined();
  });

  it('has no opinion on predicates it has no rule for', () => {
    expect(relationHolds('made of', horse, grass)).toBeUndefined();
    expect(relationHolds('toString', horse, grass)).toBeUndefined();
  });

  it('never lets a relation and its opposite hold at once', () => {
    const share = fc.integer({ min: 0, max: 40 }).map((n) => n / 40);
    const place = fc
      .tuple(share, share, share, share, share)
      .map(([x, y, w, h, depth]) => at([x, y, x + 0.02 + w * (0.98 - x), y + 0.02 + h * (0.98 - y)], depth));
    const opposites = [
      ['left of', 'right of'],
      ['above', 'below'],
      ['inside', 'surrounding'],
      ['in front of', 'behind'],
      ['on', 'under'],
    ] as const;
    fc.assert(
      fc.property(place, place, fc.constantFrom(...opposites), (a, b, [one, other]) => {
        expect(relationHolds(one, a, b) === true && relationHolds(other, a, b) === true).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
