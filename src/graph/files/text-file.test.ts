import { deflateRawSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { decodeText, tooLarge } from './text-file.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

it('reads UTF-8 and UTF-16 by their marks', () => {
  const text = '{"label": "羊 crème 🐑"}';
  const little = Buffer.from(text, 'utf16le');
  expect(decodeText(Buffer.from(text))).toBe(text);
  expect(decodeText(Buffer.concat([latin1('\xef\xbb\xbf'), Buffer.from(text)]))).toBe(text);
  expect(decodeText(Buffer.concat([latin1('\xff\xfe'), little]))).toBe(text);
  expect(decodeText(Buffer.concat([latin1('\xfe\xff'), Buffer.from(little).swap16()]))).toBe(text);
});

it.each([
  ['PNG picture', latin1('\x89PNG\r\n\x1a\n')],
  ['JPEG picture', latin1('\xff\xd8\xff\xe0\0\x10JFIF')],
  ['WebP picture', latin1('RIFF\x24\0\0\0WEBPVP8 ')],
  ['GIF picture', latin1('GIF89a')],
  ['AVIF picture', latin1('\0\0\0\x20ftypavif')],
  ['HEIC picture', latin1('\0\0\0\x20ftypheic')],
  ['PDF document', latin1('%PDF-1.7')],
  ['ZIP archive', Buffer.concat([latin1('PK\x03\x04'), deflateRawSync('sheep')])],
  ['gzip archive', gzipSync('sheep')],
  ['no text in UTF-8', latin1('{"label": "cr\xe8me"}')],
])('names a file that is a %s', (kind, bytes) => {
  expect(() => decodeText(bytes)).toThrow(kind);
});

it('names its one limit in megabytes', () => {
  expect(tooLarge(32_000_001).message).toMatch(/^the file has 33 MB; up to 32 MB are read here/);
  expect(() => decodeText(new Uint8Array(32_000_001))).toThrow('33 MB');
});
