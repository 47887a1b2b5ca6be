/** Parts of files that may be larger than a buffer can be. */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

/** @param length NaN: to the end of the file @throws Error naming the file when it ends earlier */
export function readPiece(file: string, offset: number, length: number): Uint8Array<ArrayBuffer> {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const wanted = Number.isNaN(length) ? size - offset : length;
    if (!(wanted >= 0 && offset + wanted <= size)) {
      throw new RangeError(`${file} has ${size} bytes, ${offset + wanted} are expected`);
    }
    const bytes = new Uint8Array(wanted);
    let done = 0;
    while (done < wanted) {
      const count = readSync(handle, bytes, done, Math.min(MOST, wanted - done), offset + done);
      if (count === 0) throw new RangeError(`${file} was cut while it was read`);
      done += count;
    }
    return bytes;
  } finally {
    closeSync(handle);
  }
}

export function writeAt(handle: number, bytes: Uint8Array, offset: number): void {
  let done = 0;
  while (done < bytes.length) {
    done += writeSync(handle, bytes, done, Math.min(MOST, bytes.length - done), offset + done);
  }
}

/** Bytes of one call to the system: it takes less than 2 GiB. */
const MOST = 2 ** 30;
