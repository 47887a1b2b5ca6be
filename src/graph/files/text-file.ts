/** From the bytes of a file to its text. What is no text is named for what it is. */
import { FILE_BOUNDS } from './checks/file-schema.ts';
import { GraphFormatError } from './checks/graph-format-error.ts';

const PICTURE = 'it holds no graph. Of pictures, the PNGs that Sgraffito exported do';
const PACKED = 'unpack it, and open the files inside';

/** How files of other kinds begin: the byte at which the mark stands, the mark in Latin-1, and what is said. */
const kinds: readonly (readonly [offset: number, mark: string, name: string, advice: string])[] = [
  [0, '\x89PNG\r\n\x1a\n', 'PNG picture', 'open it in the editor, which reads the recipe inside'],
  [0, '\xff\xd8\xff', 'JPEG picture', PICTURE],
  [8, 'WEBP', 'WebP picture', PICTURE],
  [0, 'GIF8', 'GIF picture', PICTURE],
  [4, 'ftypavi', 'AVIF picture', PICTURE],
  [4, 'ftyphei', 'HEIC picture', PICTURE],
  [4, 'ftypmif', 'HEIC picture', PICTURE],
  [0, 'II*\0', 'TIFF picture', PICTURE],
  [0, 'MM\0*', 'TIFF picture', PICTURE],
  [0, '%PDF-', 'PDF document', 'it holds no graph that can be read'],
  [0, 'PK\x03\x04', 'ZIP archive', PACKED],
  [0, '\x1f\x8b', 'gzip archive', PACKED],
];

const marks: readonly (readonly [mark: string, encoding: string])[] = [
  ['\xff\xfe', 'utf-16le'],
  ['\xfe\xff', 'utf-16be'],
];

/** UTF-8, or UTF-16 with its byte order mark; the mark itself is taken off. @throws GraphFormatError not-text or too-large */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length > FILE_BOUNDS.bytes) throw tooLarge(bytes.length);
  const kind = kinds.find(([offset, mark]) => beginsWith(bytes, offset, mark));
  if (kind) throw new GraphFormatError('not-text', '', `the file is a ${kind[2]}: ${kind[3]}`);
  const encoding = marks.find(([mark]) => beginsWith(bytes, 0, mark))?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    const message = 'the file is no text in UTF-8; if it is a text, save it anew in that encoding';
    throw new GraphFormatError('not-text', '', message);
  }
}

/** What is said of every file that is over the one limit. @param size in bytes */
export function tooLarge(size: number): GraphFormatError {
  const most = FILE_BOUNDS.bytes / 1e6;
  const message = `the file has ${Math.ceil(size / 1e6)} MB; up to ${most} MB are read here. Cut out the records you need, for Visual Genome the same images of each file: jq '.[:1000]' objects.json > few-objects.json.`;
  return new GraphFormatError('too-large', '', message);
}

function beginsWith(bytes: Uint8Array, offset: number, mark: string): boolean {
  return [...mark].every((letter, i) => bytes[offset + i] === letter.charCodeAt(0));
}
