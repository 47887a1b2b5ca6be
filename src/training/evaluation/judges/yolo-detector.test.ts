import { describe, expect, it } from 'vitest';
import { add, mul } from '#onnx/ops/arithmetic.ts';
import { reduceMax } from '#onnx/ops/reduction.ts';
import { pictureOfRgb } from '#training/files/picture-tensor.ts';
import { smallNetwork } from './onnx-network.fixture.ts';
import { yoloDetections, yoloJudge } from './yolo-detector.ts';

// A wide picture, 8 × 4, in a 64-pixel box: scale 8, so it fills rows 16 to 48.
const wide = pictureOfRgb(new Uint8Array(8 * 4 * 3).fill(255), 8, 4);
const rows = [
  [0, 0, 16, 32, 48, 1, 0.5],
  [0, 16, 24, 32, 32, 0, 0.9],
  [0, 0, 0, 64, 64, 0, 0.1],
];

/** Says the same of every picture, but multiplied with the picture's brightest value, which is 1 for white. */
const detector = (table: readonly (readonly number[])[], batch: readonly number[] = []) =>
  smallNetwork({ images: [1, 3, 64, 64] }, (g, { images }) => {
    const brightest = reduceMax(g, images!, [0, 1, 2, 3]);
    const data = Float32Array.from(table.flat());
    const constant = g.constant({ type: 'float32', shape: [...batch, table.length, table[0]!.length], data });
    return { output: add(g, mul(g, constant, brightest), g.scalar(0)) };
  });

describe('yoloDetections', () => {
  it('maps boxes from the letterbox to the picture and drops the unsure', async () => {
    const found = await yoloDetections(await detector(rows), wide, { labels: ['dog', 'cat'] });
    expect(found).toEqual([
      { label: 'cat', score: 0.5, box: [0, 0, 0.5, 1] },
      { label: 'dog', score: expect.closeTo(0.9, 5), box: [0.25, 0.25, 0.5, 0.5] },
    ]);
  });

  it('reads the rows of later detectors: box, confidence, class, and nothing for padding', async () => {
    const later = await detector(
      [...rows.map(([, ...row]) => [...row.slice(0, 4), row[5]!, row[4]!]), [0, 0, 0, 0, 0, 0]],
      [1],
    );
    const labels = ['dog', 'cat'];
    expect(await yoloDetections(later, wide, { labels })).toEqual(
      await yoloDetections(await detector(rows), wide, { labels }),
    );
  });

  it('clips boxes to the picture', async () => {
    const all = await yoloDetections(await detector(rows), wide, { labels: ['dog', 'cat'], confidence: 0 });
    expect(all[2]!.box).toEqual([0, 0, 1, 1]);
  });

  it('refuses outputs of another kind and classes without a name', async () => {
    const odd = await detector([[1, 2, 3]]);
    await expect(yoloDetections(odd, wide, { labels: ['dog'] })).rejects.toThrow('(N, 7)');
    const network = await detector(rows);
    await expect(yoloDetections(network, wide, { labels: ['dog'] })).rejects.toThrow(
      /network\.onnx found something of class 1, and there are names for 1: .*--classes FILE/,
    );
  });
});

describe('yoloJudge', () => {
  it('judges places and touch in its own words, but not what is behind what', async () => {
    const judge = yoloJudge(await detector([rows[0]!, [0, 40, 16, 64, 48, 0, 0.9]]), { labels: ['person', 'cat'] });
    expect(['boy', 'cat', 'sky'].map(judge.word)).toEqual(['person', 'cat', undefined]);
    expect(['left of', 'riding', 'next to', 'behind', 'made of'].map(judge.decides)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    const [first] = await judge.look([wide]);
    const [cat, person] = first!.detections;
    expect([judge.holds('left of', cat!, person!), judge.holds('right of', cat!, person!)]).toEqual([true, false]);
    // Whoever asks again is told what was seen.
    expect((await judge.look([wide]))[0]).toBe(first);
  });
});
