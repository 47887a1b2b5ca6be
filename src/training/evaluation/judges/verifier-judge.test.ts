import { describe, expect, it } from 'vitest';
import type { Tensor } from '#diffusion/tensor.ts';
import { pictureOfRgb } from '#training/files/picture-tensor.ts';
import { verifierJudge } from './verifier-judge.ts';

const GRID = 4;
const manifest = {
  vocabulary: { objects: ['red', 'blue'], predicates: ['left of', 'behind'], attributes: [] },
  verifier: { grid: GRID, thresholds: [0.5, 0.5] },
  kinds: { red: 'toy', blue: 'toy' },
};

/** Sees red and blue pixels of a picture with one pixel per cell; higher in the picture is further away. */
const seer = {
  async look(image: Tensor) {
    const [batch = 0] = image.dims;
    const area = GRID * GRID;
    const presence = new Float32Array(batch * 2 * area);
    const depth = new Float32Array(batch * area);
    for (let b = 0; b < batch; b++) {
      for (let i = 0; i < area; i++) {
        presence[(b * 2 + 0) * area + i] = Math.max(0, image.data[(b * 3 + 0) * area + i]!);
        presence[(b * 2 + 1) * area + i] = Math.max(0, image.data[(b * 3 + 2) * area + i]!);
        depth[b * area + i] = Math.floor(i / GRID) / GRID;
      }
    }
    return {
      presence: { data: presence, dims: [batch, 2, GRID, GRID] },
      depth: { data: depth, dims: [batch, GRID, GRID] },
    };
  },
};
const paint = (red: number, blue: number) => {
  const rgb = new Uint8Array(GRID * GRID * 3).fill(100);
  rgb.set([255, 0, 0], red * 3);
  rgb.set([0, 0, 255], blue * 3);
  return pictureOfRgb(rgb, GRID, GRID);
};

describe('verifierJudge', () => {
  const judge = verifierJudge(seer, manifest);

  it('keeps the pictures of several batches apart', async () => {
    const pictures = Array.from({ length: 20 }, (_, i) => paint(i % 16, (i + 5) % 16));
    const judgements = await judge.look(pictures);
    expect(judgements).toHaveLength(20);
    for (const [i, { detections, presence }] of judgements.entries()) {
      const red = detections.find(({ label }) => label === 'red')!;
      expect(red.box[0]).toBeCloseTo((i % 4) / 4, 6);
      expect(red.box[1]).toBeCloseTo(Math.floor((i % 16) / 4) / 4, 6);
      expect([...(presence as Float32Array)]).toEqual([1, 1]);
    }
  });

  it('judges relations by box and nearness, and what cannot be decided does not hold', async () => {
    const [judgement] = await judge.look([paint(4, 7)]);
    const [red, blue] = ['red', 'blue'].map((label) => judgement!.detections.find((d) => d.label === label)!);
    expect(judge.holds('left of', red!, blue!)).toBe(true);
    expect(judge.holds('left of', blue!, red!)).toBe(false);
    expect(judge.holds('made of', red!, blue!)).toBe(false);
  });
});
