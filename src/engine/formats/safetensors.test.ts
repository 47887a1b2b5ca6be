import { describe, expect, it } from 'vitest';
import { toHalf } from './float16.ts';
import {
  floatsOf,
  readSafetensors,
  SafetensorsError,
  type SafetensorsTensor,
  writeSafetensors,
} from './safetensors.ts';

/** A file from a header given as JSON text and raw data, as a stranger could write it. */
function fileOf(header: string, data: readonly number[] = []): Uint8Array {
  const encoded = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + encoded.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(encoded.length), true);
  bytes.set(encoded, 8);
  bytes.set(data, 8 + encoded.length);
  return bytes;
}

const sample = new Map<string, SafetensorsTensor>([
  ['bytes', { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 255) }],
  ['signed', { dtype: 'I8', shape: [1, 3], data: Int8Array.of(-128, 0, 127) }],
  ['halves', { dtype: 'F16', shape: [2], data: toHalf(Float32Array.of(1.5, -0.25)) }],
  ['brains', { dtype: 'BF16', shape: [1], data: Uint16Array.of(0x3f80) }],
  ['floats', { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, -2, 3.5, Math.PI) }],
  ['integers', { dtype: 'I32', shape: [2], data: Int32Array.of(-7, 2 ** 31 - 1) }],
  ['long', { dtype: 'I64', shape: [1], data: BigInt64Array.of(-(2n ** 62n)) }],
  ['empty', { dtype: 'F32', shape: [0, 4], data: new Float32Array() }],
  ['scalar', { dtype: 'F32', shape: [], data: Float32Array.of(9) }],
]);

describe('safetensors', () => {
  it('reads back what it writes, metadata included', () => {
    const { tensors, metadata } = readSafetensors(writeSafetensors(sample, { words: 'a\nb', ключ: '値' }));
    expect(metadata).toEqual({ words: 'a\nb', ключ: '値' });
    expect(new Map([...tensors].sort())).toEqual(new Map([...sample].sort()));
  });

  it('writes a header that leaves the data aligned to 8 bytes, and reads views of it', () => {
    const bytes = writeSafetensors(sample);
    expect(new DataView(bytes.buffer).getBigUint64(0, true) % 8n).toBe(0n);
    const { tensors } = readSafetensors(bytes);
    for (const [, { data }] of tensors) expect(data.buffer).toBe(bytes.buffer);
  });

  it('reads a file that lies at an odd place in memory', () => {
    const bytes = writeSafetensors(sample);
    const moved = new Uint8Array(bytes.length + 3);
    moved.set(bytes, 3);
    expect(readSafetensors(moved.subarray(3)).tensors.get('floats')).toEqual(sample.get('floats'));
  });

  it('gives any real dtype as floats', () => {
    const floats = (name: string) => [...floatsOf(sample.get(name)!)];
    expect(floats('halves')).toEqual([1.5, -0.25]);
    expect(floats('brains')).toEqual([1]);
    expect(floats('signed')).toEqual([-128, 0, 127]);
    expect(() => floats('long')).toThrow(SafetensorsError);
  });

  it('refuses to write data that its shape does not describe', () => {
    const wrong = new Map([['w', { dtype: 'F32' as const, shape: [3], data: new Float32Array(2) }]]);
    expect(() => writeSafetensors(wrong)).toThrow(/"w" has 2 numbers/);
  });

  it.each([
    ['too short', Uint8Array.of(1, 2), /too few/],
    ['a header longer than the file', Uint8Array.of(255, 0, 0, 0, 0, 0, 0, 0, 1), /says it has 255 bytes/],
    ['an absurd header length', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255), /says it has/],
    ['no JSON', fileOf('{"a":'), /not JSON/],
    ['broken UTF-8', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xc3, 0x28), /not JSON/],
    ['a list for a header', fileOf('[]'), /not an object/],
    ['an unknown dtype', fileOf('{"a":{"dtype":"toString","shape":[],"data_offsets":[0,0]}}'), /dtype toString/],
    ['a negative shape', fileOf('{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}', [0]), /malformed shape/],
    ['fractional offsets', fileOf('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0.5,1.5]}}', [0]), /data_offsets/],
    ['a wrong size', fileOf('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,3]}}', [0, 0, 0]), /needs? 4/],
    [
      'an overflowing shape',
      fileOf('{"a":{"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,0]}}'),
      /its shape and dtype need/,
    ],
    ['data beyond the end', fileOf('{"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]}}', [0]), /cut off/],
    [
      'overlap',
      fileOf(
        '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}',
        [1, 2, 3],
      ),
      /overlaps/,
    ],
    ['a hole', fileOf('{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}', [1, 2]), /nobody/],
    ['a tail', fileOf('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', [1, 2]), /1 bytes at the end/],
    ['metadata that is not text', fileOf('{"__metadata__":{"a":1}}'), /__metadata__.a/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(SafetensorsError);
    expect(() => readSafetensors(bytes)).toThrow(message);
  });

  it('reads and writes tens of megabytes in well under a second', () => {
    const large = new Map([
      ['w', { dtype: 'F32' as const, shape: [8_000_000], data: new Float32Array(8_000_000).fill(1) }],
    ]);
    const start = performance.now();
    expect(readSafetensors(writeSafetensors(large)).tensors.get('w')?.data.length).toBe(8_000_000);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
