/**
 * Texts inside PNG files (PNG Specification, third edition, 5 and 11.3.3): read and written by walking the chunks. Pixels are
 * never unpacked, so that a picture costs what its texts cost.
 */
import { inflateWithin } from './inflate-within.ts';
import { isPng, PNG_SIGNATURE } from './png-signature.ts';

/** What is wrong with a PNG; the message goes on from "This PNG cannot be read:". */
export class PngError extends Error {
  override readonly name = 'PngError';
}

/** Length, type and checksum of a chunk. */
const FRAME = 12;

/**
 * The first text under this keyword, in a tEXt, zTXt or iTXt chunk before or after the pixels.
 * @param most bytes of the text; a longer one is refused
 * @returns undefined when there is none
 * @throws PngError
 */
export function readPngText(bytes: Uint8Array, keyword: string, most: number): string | undefined {
  for (const { type, data, isIntact } of chunksOf(bytes)) {
    if (type !== 'tEXt' && type !== 'zTXt' && type !== 'iTXt') continue;
    const name = latin1(data.subarray(0, data.subarray(0, 80).indexOf(0)));
    if (name !== keyword) continue;
    if (!isIntact()) throw new PngError('its text is damaged');
    return textOf(type, data.subarray(name.length + 1), most);
  }
  return undefined;
}

/**
 * Puts a text of Latin-1 before the pixels.
 * @throws PngError
 */
export function addPngText(bytes: Uint8Array, keyword: string, text: string): Uint8Array<ArrayBuffer> {
  const [header] = chunksOf(bytes);
  if (header?.type !== 'IHDR') throw new PngError('it does not begin with its header');
  const content = Uint8Array.from(`tEXt${keyword}\0${text}`, (letter) => letter.charCodeAt(0));
  const whole = new Uint8Array(bytes.length + content.length + 8);
  whole.set(bytes.subarray(0, header.end));
  const view = new DataView(whole.buffer);
  view.setUint32(header.end, content.length - 4);
  whole.set(content, header.end + 4);
  view.setUint32(header.end + 4 + content.length, crc32(content));
  whole.set(bytes.subarray(header.end), header.end + content.length + 8);
  return whole;
}

/** Every chunk by its checksum, which decoders pass over. @throws PngError when the file is cut off or damaged */
export function checkPng(bytes: Uint8Array): void {
  for (const { isIntact } of chunksOf(bytes)) if (!isIntact()) throw new PngError('it is damaged');
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** Where the next one begins. */
  readonly end: number;
  /** Whether the checksum is right; reckoned only for chunks that are used. */
  readonly isIntact: () => boolean;
}

function* chunksOf(bytes: Uint8Array): Generator<Chunk> {
  if (!isPng(bytes)) throw new PngError('it does not begin as a PNG does');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at: number = PNG_SIGNATURE.length; ; ) {
    if (at + FRAME > bytes.length) throw new PngError('it is cut off');
    const length = view.getUint32(at);
    const end = at + FRAME + length;
    if (end > bytes.length) throw new PngError('it is cut off');
    const type = latin1(bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) throw new PngError('it is damaged');
    const covered = bytes.subarray(at + 4, end - 4);
    yield { type, data: covered.subarray(4), end, isIntact: () => view.getUint32(end - 4) === crc32(covered) };
    if (type === 'IEND') return;
    at = end;
  }
}

/** @param data what follows the keyword */
function textOf(type: 'tEXt' | 'zTXt' | 'iTXt', data: Uint8Array, most: number): string {
  if (type === 'tEXt') return latin1(bounded(data, most));
  if (type === 'zTXt') return latin1(unpacked(data.subarray(1), most));
  const languageEnd = data.indexOf(0, 2);
  const textStart = data.indexOf(0, languageEnd + 1) + 1;
  if (languageEnd < 0 || textStart === 0) throw new PngError('its text is damaged');
  const text = data.subarray(textStart);
  return new TextDecoder().decode(data[0] === 1 ? unpacked(text, most) : bounded(text, most));
}

function unpacked(data: Uint8Array, most: number): Uint8Array {
  const text = inflateWithin(data, 'zlib', most);
  if (text === 'damaged') throw new PngError('its text is damaged');
  return bounded(text, most);
}

function bounded(text: Uint8Array | undefined, most: number): Uint8Array {
  if (text && text.length <= most) return text;
  throw new PngError(`its text has more than ${most} bytes`);
}

const latin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

/** CRC-32 as in the PNG Specification, annex D. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
