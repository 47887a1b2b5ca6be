import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { decode, encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { addPngText, PngError, readPngText } from './png-text.ts';

const plain = new Uint8Array(encode({ width: 2, height: 1, data: new Uint8Array(8).fill(9), channels: 4, depth: 8 }));

/** A chunk as the specification frames it. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const framed = new Uint8Array(data.length + 12);
  const view = new DataView(framed.buffer);
  view.setUint32(0, data.length);
  framed.set(Buffer.from(type, 'latin1'), 4);
  framed.set(data, 8);
  view.setUint32(data.length + 8, crcOf(framed.subarray(4, data.length + 8)));
  return framed;
}

/** CRC-32 by polynomial division, bit by bit. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

const HEADER_END = 33;
const END_LENGTH = 12;
const beforePixels = (part: Uint8Array) =>
  Buffer.concat([plain.subarray(0, HEADER_END), part, plain.subarray(HEADER_END)]);
const afterPixels = (part: Uint8Array) =>
  Buffer.concat([plain.subarray(0, -END_LENGTH), part, plain.subarray(-END_LENGTH)]);
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const MOST = 1000;
const read = (bytes: Uint8Array) => readPngText(bytes, 'recipe', MOST);

const forms: Readonly<Record<string, (text: string) => Uint8Array>> = {
  tEXt: (text) => chunk('tEXt', latin1(`recipe\0${text}`)),
  zTXt: (text) => chunk('zTXt', Buffer.concat([latin1('recipe\0\0'), deflateSync(latin1(text))])),
  'iTXt, plain': (text) => chunk('iTXt', Buffer.concat([latin1('recipe\0\0\0en\0Rezept\0'), Buffer.from(text)])),
  'iTXt, packed': (text) =>
    chunk('iTXt', Buffer.concat([latin1('recipe\0\x01\0\0\0'), deflateSync(Buffer.from(text))])),
};

describe('readPngText', () => {
  it.each(Object.entries(forms))('finds a text in %s, before and after the pixels', (form, make) => {
    const text = form.startsWith('iTXt') ? '{"label": "羊 crème"}' : '{"label": "crème"}';
    for (const place of [beforePixels, afterPixels]) {
      const bytes = place(make(text));
      expect(decode(bytes, { checkCrc: true }).width).toBe(2);
      expect(read(bytes)).toBe(text);
      expect(readPngText(bytes, 'other', MOST)).toBeUndefined();
    }
  });

  it('takes the first of several and passes other texts by', () => {
    const other = chunk('zTXt', latin1('Comment\0\0not packed at all'));
    expect(read(beforePixels(Buffer.concat([other, forms.tEXt!('one'), forms.zTXt!('two')])))).toBe('one');
  });

  it.each(Object.entries(forms))('refuses what is longer than it may be in %s', (_, make) => {
    expect(read(beforePixels(make('x'.repeat(MOST))))).toHaveLength(MOST);
    expect(() => read(beforePixels(make('x'.repeat(MOST + 1))))).toThrow('more than 1000 bytes');
  });

  it('never unpacks pixels, and stops unpacking a text at the limit', () => {
    const packed = chunk('zTXt', Buffer.concat([latin1('recipe\0\0'), deflateSync(Buffer.alloc(64_000_000))]));
    const bomb = beforePixels(packed);
    const view = new DataView(bomb.buffer, bomb.byteOffset);
    view.setUint32(16, 60_000);
    view.setUint32(20, 60_000);
    const memory = process.memoryUsage.rss();
    expect(() => read(bomb)).toThrow('more than 1000 bytes');
    expect(readPngText(bomb, 'other', MOST)).toBeUndefined();
    expect(process.memoryUsage.rss() - memory).toBeLessThan(32_000_000);
  });

  it('says when it is cut off, damaged or none', () => {
    const bytes = beforePixels(forms.zTXt!('text'));
    const flipped = Uint8Array.from(bytes);
    flipped[HEADER_END + 20]! ^= 1;
    expect(() => read(flipped)).toThrow('its text is damaged');
    expect(() => read(bytes.subarray(0, 60))).toThrow('cut off');
    expect(() => read(plain.subarray(0, -1))).toThrow('cut off');
    expect(() => read(latin1('sheep'))).toThrow('does not begin as a PNG does');
    expect(() => read(beforePixels(chunk('zTXt', latin1('recipe\0\0nonsense'))))).toThrow('its text is damaged');
    expect(() => read(beforePixels(chunk('iTXt', latin1('recipe\0\0'))))).toThrow('its text is damaged');
  });

  it('throws nothing else, however the bytes are changed', () => {
    const whole = Object.values(forms).map((make) => beforePixels(make('{"label": "sheep"}')));
    fc.assert(
      fc.property(
        fc.constantFrom(...whole),
        fc.array(fc.tuple(fc.nat(120), fc.nat(255))),
        fc.nat(150),
        (png, edits, cut) => {
          const bytes = Uint8Array.from(png.subarray(0, cut < 100 ? undefined : cut));
          for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
          try {
            read(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(PngError);
          }
        },
      ),
    );
  });
});

it('addPngText writes what is read back, and keeps the pixels', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 100 }), (text) => {
      const bytes = addPngText(plain, 'recipe', text);
      expect(read(bytes)).toBe(text);
      expect([...decode(bytes, { checkCrc: true }).data]).toEqual(new Array(8).fill(9));
    }),
    { numRuns: 30 },
  );
  expect(() => addPngText(latin1('sheep'), 'recipe', '')).toThrow(PngError);
});
