/** Unpacking what strangers packed: a few bytes may stand for gigabytes. */
import { Inflate, Unzlib } from 'fflate';

/** Bytes handed over at a time. DEFLATE unpacks one byte to at most 1032, so that no step makes more than half a megabyte. */
const STEP = 512;

/**
 * Unpacks DEFLATE data (RFC 1951), or the same in its zlib wrapping (RFC 1950), and stops at the limit.
 * @param most bytes of the result
 * @returns undefined when there would be more; 'damaged' when it is none, or cut off
 */
export function inflateWithin(
  packed: Uint8Array,
  format: 'raw' | 'zlib',
  most: number,
): Uint8Array | 'damaged' | undefined {
  const parts: Uint8Array[] = [];
  let length = 0;
  let isWhole = false;
  const take = (part: Uint8Array, isLast: boolean) => {
    parts.push(part);
    length += part.length;
    isWhole = isLast;
  };
  try {
    const stream = format === 'raw' ? new Inflate(take) : new Unzlib(take);
    for (let at = 0; at < packed.length && length <= most; at += STEP) {
      stream.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
    }
  } catch {
    return 'damaged';
  }
  if (length > most) return undefined;
  return isWhole ? joined(parts, length) : 'damaged';
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
