/** Isolation: when one edge of the graph changes, how much of the picture that has nothing to do with it stays the same? */
import type { Picture } from '#engine/contract/protocol.ts';
import type { Box } from '#training/corpus/world/scene.ts';

/** Too few pixels are left to judge when the boxes cover more than this share of the picture. */
const MAX_COVERED = 0.9;

/**
 * 1 − mean |a − b| over the colour channels (each in [0, 1]) of the pixels outside every box. Range [0, 1]: 1 when nothing else moved; two
 * unrelated pictures of the corpus reach 0.82 on average, which is why the score is read beside its floor.
 *
 * The boxes are those of the perturbed edge's subject and object as detected in both pictures: there the picture may and should change. An
 * object that is not detected frees no pixels, so losing it counts as a change of the rest.
 *
 * Source: this product's DESIGN §8, after the "isolated" edits of DisCo (arXiv 2410.00447).
 * @returns undefined when the boxes cover more than 90 % of the picture.
 * @throws RangeError when the pictures differ in size.
 */
export function isolation(before: Picture, after: Picture, boxes: readonly Box[]): number | undefined {
  const { width, height } = before;
  if (after.width !== width || after.height !== height) {
    throw new RangeError(`pictures of ${width}×${height} and ${after.width}×${after.height} cannot be compared`);
  }
  const covered = coverage(boxes, width, height);
  let difference = 0;
  let outside = 0;
  for (let i = 0; i < width * height; i++) {
    if (covered[i] === 1) continue;
    outside++;
    for (let c = 0; c < 3; c++) difference += Math.abs(before.pixels[i * 4 + c]! - after.pixels[i * 4 + c]!);
  }
  if (outside < (1 - MAX_COVERED) * width * height) return undefined;
  return 1 - difference / (outside * 3 * 255);
}

/** (height × width) 1 where a pixel's centre lies in a box. */
function coverage(boxes: readonly Box[], width: number, height: number): Uint8Array {
  const covered = new Uint8Array(width * height);
  for (const [left, top, right, bottom] of boxes) {
    const lastRow = Math.min(height, Math.round(bottom * height));
    const lastColumn = Math.min(width, Math.round(right * width));
    for (let y = Math.max(0, Math.round(top * height)); y < lastRow; y++) {
      for (let x = Math.max(0, Math.round(left * width)); x < lastColumn; x++) covered[y * width + x] = 1;
    }
  }
  return covered;
}
