import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GraphError } from '#onnx/graph.ts';
import { decodeTensor, encodeTensor, toFloat16, typeCodes, typeOf } from './tensor-codec.ts';

/** The value of a half (IEEE 754-2008, §3.6), from its definition. */
function valueOfHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * mantissa * 2 ** -24 : sign * (1024 + mantissa) * 2 ** (exponent - 25);
}

/** Halves from 0 up, with the first number that rounds to infinity where the next half would be. */
const halves = Array.from({ length: 0x7c00 }, (_, bits) => valueOfHalf(bits));

/** Round to nearest, ties to even, by looking for the neighbours. */
function nearestHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65_520) return sign | 0x7c00;
  let low = 0;
  let high = halves.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((halves[middle] as number) <= size) low = middle;
    else high = middle - 1;
  }
  const below = size - (halves[low] as number);
  const above = (halves[low + 1] ?? 65_536) - size;
  return sign | (below < above || (below === above && low % 2 === 0) ? low : low + 1);
}

const half = (value: number): number => toFloat16(Float32Array.of(value))[0] as number;

describe('half precision', () => {
  test.each([
    ['zero', 0, 0x0000],
    ['minus zero', -0, 0x8000],
    ['one', 1, 0x3c00],
    ['minus two', -2, 0xc000],
    ['a third', 1 / 3, 0x3555],
    ['the largest half', 65_504, 0x7bff],
    ['just below overflow', 65_519.996, 0x7bff],
    ['overflow', 65_520, 0x7c00],
    ['far overflow', -1e30, 0xfc00],
    ['infinity', Number.POSITIVE_INFINITY, 0x7c00],
    ['the smallest normal half', 2 ** -14, 0x0400],
    ['just below it: carried into it', 2 ** -14 - 2 ** -26, 0x0400],
    ['the largest subnormal', 1023 * 2 ** -24, 0x03ff],
    ['the smallest subnormal', 2 ** -24, 0x0001],
    ['a tie between 0 and the smallest', 2 ** -25, 0x0000],
    ['just above that tie', 2 ** -25 + 2 ** -48, 0x0001],
    ['a tie between two subnormals', 1.5 * 2 ** -24, 0x0002],
    ['a tie, even below', 1 + 2 ** -11, 0x3c00],
    ['a tie, even above', 1 + 3 * 2 ** -11, 0x3c02],
    ['a subnormal of single precision', -1e-40, 0x8000],
  ])('%s', (_, value, bits) => {
    expect(half(value)).toBe(bits);
  });

  test('not a number stays so', () => {
    expect(valueOfHalf(half(Number.NaN))).toBeNaN();
  });

  test('every half is kept, and every number goes to the nearest', () => {
    const all = Array.from({ length: 0x7c00 }, (_, bits) => bits);
    expect([...toFloat16(Float32Array.from(halves))]).toEqual(all);
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        expect(half(value)).toBe(nearestHalf(value));
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -2, max: 2 }), (value) => {
        expect(half(value)).toBe(nearestHalf(value));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('tensors', () => {
  test.each([
    ['float32', { type: 'float32', shape: [2], data: Float32Array.of(1.5, -2) }],
    ['float16', { type: 'float16', shape: [1, 2], data: Uint16Array.of(0x3c00, 0xc000) }],
    ['int32', { type: 'int32', shape: [2], data: Int32Array.of(-1, 7) }],
    ['int64', { type: 'int64', shape: [2], data: BigInt64Array.of(-1n, 2n ** 62n) }],
    ['bool', { type: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) }],
    ['scalar', { type: 'float32', shape: [], data: Float32Array.of(4) }],
    ['empty', { type: 'float32', shape: [0, 3], data: Float32Array.of() }],
  ] as const)('%s there and back', (_, tensor) => {
    expect(decodeTensor(encodeTensor('t', tensor))).toEqual(tensor);
  });

  test('as raw bytes that begin anywhere', () => {
    const bytes = Buffer.alloc(20);
    bytes.writeFloatLE(2.5, 9);
    const rawData = bytes.subarray(9, 13);
    expect(decodeTensor({ dims: [1], dataType: 1, rawData }).data).toEqual(Float32Array.of(2.5));
  });

  test.each([
    ['float_data', { dims: [2], dataType: typeCodes.float32, floatData: [1, 2] }, Float32Array.of(1, 2)],
    ['int32_data', { dims: ['1'], dataType: typeCodes.int32, int32Data: [-5] }, Int32Array.of(-5)],
    ['int32_data as halves', { dims: [1], dataType: typeCodes.float16, int32Data: [0x3c00] }, Uint16Array.of(0x3c00)],
    ['int32_data as bools', { dims: [2], dataType: typeCodes.bool, int32Data: [0, 1] }, Uint8Array.of(0, 1)],
    [
      'int64_data, whose largest number is not rounded',
      { dims: [1], dataType: typeCodes.int64, int64Data: ['9223372036854775807'] },
      BigInt64Array.of(2n ** 63n - 1n),
    ],
  ])('stored as %s', (_, message, data) => {
    expect(decodeTensor(message).data).toEqual(data);
  });

  test.each([
    ['too few', { name: 'w', dims: [3], dataType: 1, floatData: [1, 2] }, 'Tensor: w holds 2 of 3 elements'],
    [
      'cut off',
      { name: 'w', dims: [2], dataType: 1, rawData: new Uint8Array(7) },
      'w holds 7 bytes for 2 elements of float32',
    ],
    ['negative', { name: 'w', dims: [-2, -1], dataType: 1, floatData: [1, 2] }, 'w has the impossible shape [-2,-1]'],
    ['of double precision', { name: 'w', dims: [1], dataType: 11 }, 'Tensor w: element type 11 is not supported'],
    [
      'outside the file',
      { name: 'w', dims: [1], dataType: 1, dataLocation: 1, externalData: [{ key: 'location', value: 'weights.bin' }] },
      'w is stored outside the file, in weights.bin: save the model as a single file',
    ],
  ])('that are %s are refused by name', (_, message, complaint) => {
    expect(() => decodeTensor(message)).toThrow(GraphError);
    expect(() => decodeTensor(message)).toThrow(complaint);
  });

  test('unknown element types are refused', () => {
    expect(typeOf(7)).toBe('int64');
    expect(() => typeOf(undefined)).toThrow('element type undefined is not supported');
  });
});
