/** COCO's run-length encoding of masks: runs of zeros and ones by turns, down the columns, zeros first. */

/** Run lengths that do not describe a mask of the given size. */
export class RunLengthError extends Error {
  override readonly name = 'RunLengthError';
}

/**
 * @param counts run lengths, or their compressed text.
 * @returns (height, width) row-major, 0 or 1.
 * @throws RunLengthError when a run is negative or not whole, or the runs do not fill the mask exactly.
 */
export function decodeRunLengths(counts: readonly number[] | string, width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height);
  let at = 0;
  let value = 0;
  for (const run of typeof counts === 'string' ? decompress(counts) : counts) {
    if (!Number.isInteger(run) || run < 0 || at + run > mask.length) {
      throw new RunLengthError(`a run of ${run} at ${at} leaves the mask`);
    }
    if (value === 1) {
      for (let place = at; place < at + run; place++) mask[(place % height) * width + Math.floor(place / height)] = 1;
    }
    at += run;
    value = 1 - value;
  }
  if (at !== mask.length) throw new RunLengthError(`runs of ${at} cells for a mask of ${mask.length}`);
  return mask;
}

/** Five bits a character from "0" on, low ones first, bit 6 says that more follow; from the fourth run on as differences to the last but one. */
function decompress(text: string): number[] {
  const counts: number[] = [];
  for (let at = 0; at < text.length; ) {
    let value = 0;
    let bits = 0;
    for (let more = true; more; bits += 5) {
      const code = text.charCodeAt(at++) - 48;
      if (!(code >= 0 && code < 64) || bits > 25) throw new RunLengthError(`damaged at character ${at}`);
      value |= (code & 31) << bits;
      more = (code & 32) !== 0;
      if (!more && (code & 16) !== 0) value |= -1 << (bits + 5);
    }
    counts.push(counts.length > 2 ? value + counts[counts.length - 2]! : value);
  }
  return counts;
}
