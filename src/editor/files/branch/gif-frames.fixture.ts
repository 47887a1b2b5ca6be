/** What a GIF holds, read by its own structure (GIF89a specification): to test what was written. */
export interface ReadFrame {
  readonly width: number;
  readonly height: number;
  /** Milliseconds. */
  readonly delay: number;
}

/** @throws Error for what is no GIF, or ends early */
export function gifFrames(bytes: Uint8Array): readonly ReadFrame[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (new TextDecoder().decode(bytes.subarray(0, 6)) !== 'GIF89a') throw new Error('The header is not that of a GIF.');
  const tableBytes = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const frames: ReadFrame[] = [];
  let delay = 0;
  let at = 13 + tableBytes(view.getUint8(10));
  const skipBlocks = () => {
    while (view.getUint8(at) !== 0) at += 1 + view.getUint8(at);
    at++;
  };
  for (;;) {
    const kind = view.getUint8(at);
    if (kind === 0x3b) return frames;
    if (kind === 0x21) {
      if (view.getUint8(at + 1) === 0xf9) delay = 10 * view.getUint16(at + 4, true);
      at += 2;
    } else if (kind === 0x2c) {
      frames.push({ width: view.getUint16(at + 5, true), height: view.getUint16(at + 7, true), delay });
      // The descriptor, its colours, and the size of a code.
      at += 10 + tableBytes(view.getUint8(at + 9)) + 1;
    } else throw new Error(`No block begins with ${kind}.`);
    skipBlocks();
  }
}
