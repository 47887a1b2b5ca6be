import { describe, expect, it } from 'vitest';
import type { Picture } from '#engine/contract/protocol.ts';
import { attentionVeil, changedShare, differencePicture, objectAt } from './pixels.ts';

const flat = (value: number): Picture => {
  const pixels = new Uint8ClampedArray(4 * 4 * 4).fill(value);
  for (let i = 3; i < pixels.length; i += 4) pixels[i] = 255;
  return { width: 4, height: 4, pixels };
};

describe('differencePicture', () => {
  it('marks only the pixels that changed', () => {
    const after = flat(100);
    after.pixels[0] = 255;
    const difference = differencePicture(flat(100), after);
    expect(difference.pixels[0]! - difference.pixels[2]!).toBeGreaterThan(50);
    expect(difference.pixels[4]).toBe(difference.pixels[6]);
    expect(changedShare(flat(100), after)).toBeCloseTo(1 / 16);
    expect(changedShare(flat(100), flat(100))).toBe(0);
  });

  it('tints nothing that no eye sees', () => {
    const difference = differencePicture(flat(100), flat(116));
    expect(new Set(difference.pixels.filter((_, i) => i % 4 !== 3)).size).toBe(1);
    expect(changedShare(flat(100), flat(116))).toBe(0);
    expect(changedShare(flat(100), flat(117))).toBe(1);
  });
});

describe('attentionVeil', () => {
  it('is clear where the weight is 1 and dark where it is 0', () => {
    const veil = attentionVeil(new Float32Array([0, 1, 0.5, 2]), 2, 2);
    expect([veil.pixels[3], veil.pixels[7], veil.pixels[11], veil.pixels[15]]).toEqual([205, 0, 103, 0]);
  });
});

describe('objectAt', () => {
  const maps = {
    width: 2,
    height: 1,
    objects: { sheep: new Float32Array([0.9, 0.1]), grass: new Float32Array([0.4, 0.2]) },
  };

  it('names the object with the largest weight there, or nobody', () => {
    expect(objectAt(maps, 0.1, 0.5)).toBe('sheep');
    expect(objectAt(maps, 0.9, 0.5)).toBeNull();
    expect(objectAt(maps, 5, -3)).toBeNull();
  });
});
