import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naturalLog, seededNoise } from './noise.ts';

describe('naturalLog', () => {
  it('agrees with Math.log', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-20, max: 1e20, noNaN: true }), (x) => {
        expect(Math.abs(naturalLog(x) - Math.log(x))).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(Math.log(x))));
      }),
    );
  });
});

describe('seededNoise', () => {
  it('repeats for a seed, differs between seeds, and is a stream', () => {
    expect(seededNoise(7).normals(65)).toEqual(seededNoise(7).normals(65));
    expect(seededNoise(7).normals(65)).not.toEqual(seededNoise(8).normals(65));
    const source = seededNoise(7);
    const parts = [...source.normals(33), ...source.normals(32)];
    expect(parts).toEqual([...seededNoise(7).normals(65)]);
  });

  it('keeps its bytes: the pictures of old seeds must not change', () => {
    expect([...new Uint32Array(seededNoise(7).normals(6).buffer)].map((bits) => bits.toString(16))).toEqual([
      'bfcae262',
      '3d952eba',
      'be4aab28',
      'bfa24d72',
      '4025fb7d',
      'bf85cd2c',
    ]);
  });

  it('is standard normal: four moments, the tails, and no correlation between neighbours', () => {
    const n = 200_000;
    const values = seededNoise(1).normals(n);
    const moment = (power: number) => values.reduce((sum, x) => sum + x ** power, 0) / n;
    expect(Math.abs(moment(1))).toBeLessThan(0.01);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.015);
    expect(Math.abs(moment(3))).toBeLessThan(0.04);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.1);
    const beyondTwo = values.reduce((count, x) => count + Number(Math.abs(x) > 2), 0) / n;
    expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(0.003);
    const neighbours = values.reduce((sum, x, i) => sum + x * (values[i + 1] ?? 0), 0) / n;
    expect(Math.abs(neighbours)).toBeLessThan(0.01);
  });
});
