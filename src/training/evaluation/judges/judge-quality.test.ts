import { describe, expect, it } from 'vitest';
import type { Box, Scene } from '#training/corpus/world/scene.ts';
import { judgeQuality } from './judge-quality.ts';

const scene = (...objects: [string, Box][]): Scene => ({
  style: 'ink',
  objects: objects.map(([label, box]) => ({ label, box, attributes: [], depth: 0, isGround: false })),
  relations: [],
});
const judgement = (...detections: [string, Box][]) => ({
  detections: detections.map(([label, box]) => ({ label, box, score: 1 })),
  presence: [],
});
const left: Box = [0, 0, 0.5, 0.5];
const right: Box = [0.5, 0, 1, 0.5];
const shifted: Box = [0.1, 0, 0.6, 0.5];

describe('judgeQuality', () => {
  it('counts what is met, what is missed and what is made up, by label', () => {
    const { all, perLabel } = judgeQuality(
      [scene(['dog', left], ['cat', right]), scene(['dog', right])],
      [judgement(['dog', shifted], ['cow', right]), judgement(['dog', right])],
    );
    expect(perLabel.dog).toMatchObject({ precision: 1, recall: 1, n: 2 });
    expect(perLabel.dog!.placeError).toBeCloseTo(0.05, 12);
    expect(perLabel.dog!.overlap).toBeCloseTo((0.4 / 0.6 + 1) / 2, 12);
    expect(perLabel.cat).toEqual({ precision: null, recall: 0, placeError: null, overlap: null, n: 1 });
    expect(perLabel.cow).toMatchObject({ precision: 0, recall: null, n: 0 });
    expect(all).toMatchObject({ precision: 2 / 3, recall: 2 / 3, n: 3 });
  });

  it('takes another name of what is there, and a part of it, for right', () => {
    const noto = { ...scene(['woman', left], ['car', right]), style: 'noto' };
    const { perLabel, all } = judgeQuality([noto], [judgement(['lady', left], ['wheel', right], ['lady', right])]);
    expect(perLabel.lady).toMatchObject({ precision: 1 / 2, recall: null });
    expect(perLabel.wheel).toMatchObject({ precision: 1 });
    expect(all).toMatchObject({ precision: 2 / 3, recall: 0 });
  });

  it('pairs two of a label by overlap, each once, and not across the picture', () => {
    const { perLabel } = judgeQuality(
      [scene(['dog', left], ['dog', right])],
      [judgement(['dog', right], ['dog', shifted], ['dog', [0, 0.6, 0.4, 1]])],
    );
    expect(perLabel.dog).toMatchObject({ recall: 1, precision: 2 / 3 });
    expect(perLabel.dog!.placeError).toBeCloseTo((0 + 0.1) / 2, 12);
  });
});
