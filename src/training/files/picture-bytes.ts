/** What decoders pass over in silence: pictures that end too early, and how a JPEG is turned. */
import { isPng } from '#graph/files/png/png-signature.ts';

/** Decoders paint the rest of a cut PNG or JPEG grey. Of other kinds they refuse a cut one themselves. */
export function isCutOff(bytes: Buffer): boolean {
  if (isPng(bytes)) return !bytes.includes('IEND');
  return isJpeg(bytes) && !segmentsOf(bytes).some(({ marker }) => marker === END);
}

/** The picture as its pixels are stored: decoders turn a JPEG as its EXIF orientation says. */
export function withoutExif(bytes: Buffer): Buffer {
  if (!isJpeg(bytes)) return bytes;
  const exif = segmentsOf(bytes).filter(
    ({ marker, start }) => marker === APP1 && bytes.toString('latin1', start + 4, start + 8) === 'Exif',
  );
  const starts = [0, ...exif.map(({ end }) => end)];
  return Buffer.concat(starts.map((start, i) => bytes.subarray(start, exif[i]?.start)));
}

const [APP1, END] = [0xe1, 0xd9];

const isJpeg = (bytes: Buffer): boolean => bytes[0] === 0xff && bytes[1] === 0xd8;

interface Segment {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
}

/** Of a JPEG (ITU-T T.81, annex B), the pixels' own bytes passed over; the last one is END, unless the file is cut. */
function segmentsOf(bytes: Buffer): readonly Segment[] {
  const segments: Segment[] = [];
  for (let at = bytes.indexOf(0xff, 2); at >= 0 && at + 1 < bytes.length; ) {
    const marker = bytes[at + 1]!;
    // Among the pixels a 0xff is followed by 0, or restarts the decoder; several in a row fill.
    const isAlone = marker === 0 || marker === 0x01 || (marker >= 0xd0 && marker <= END);
    if (!isAlone && marker !== 0xff && at + 4 > bytes.length) break;
    const length = marker === 0xff ? 1 : isAlone ? 2 : 2 + bytes.readUInt16BE(at + 2);
    if (marker !== 0 && marker !== 0xff) segments.push({ marker, start: at, end: at + length });
    if (marker === END) break;
    at = bytes.indexOf(0xff, at + length);
  }
  return segments;
}
