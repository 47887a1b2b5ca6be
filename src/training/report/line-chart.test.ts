import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketMeans, lineChart } from './line-chart.ts';

const points = fc.array(
  fc.record({ x: fc.double({ min: 0, max: 1e4, noNaN: true }), y: fc.double({ min: -1e3, max: 1e3, noNaN: true }) }),
  { minLength: 1, maxLength: 50 },
);

describe('bucketMeans', () => {
  it('gives the mean of each part of the time', () => {
    const line = [0, 1, 2, 3].map((x) => ({ x, y: x * x }));
    expect(bucketMeans(line, 2)).toEqual([
      { x: 0.5, y: 0.5 },
      { x: 2.5, y: 6.5 },
    ]);
    expect(bucketMeans([], 2)).toEqual([]);
  });

  it('goes forward in time and stays within the values, whatever comes', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 20 }), (line, count) => {
        const means = bucketMeans(line, count);
        expect(means.length).toBeLessThanOrEqual(count);
        const ys = line.map(({ y }) => y);
        for (const [i, { x, y }] of means.entries()) {
          expect(y).toBeGreaterThanOrEqual(Math.min(...ys) - 1e-9);
          expect(y).toBeLessThanOrEqual(Math.max(...ys) + 1e-9);
          if (i > 0) expect(x).toBeGreaterThanOrEqual(means[i - 1]!.x);
        }
      }),
    );
  });
});

describe('lineChart', () => {
  it('says where the number began and ended, and draws nothing of one moment', () => {
    const chart = lineChart('loss <1>', [
      { x: 0, y: 4 },
      { x: 10, y: 1 },
    ])?.text;
    expect(chart).toContain('aria-label="loss &#60;1&#62;: from 4.00 to 1.00"');
    expect(chart).toMatch(/d="M46\.0 8\.0L322\.0 124\.0"/);
    expect(lineChart('loss', [{ x: 3, y: 1 }])).toBeNull();
  });
});
