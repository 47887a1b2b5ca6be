import { expect, it } from 'vitest';
import { sizeText } from './size-text.ts';

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [40_400, '40 kB'],
  [999_400, '999 kB'],
  [999_600, '1.0 MB'],
  [3_440_000, '3.4 MB'],
  [99_960_000, '100 MB'],
  [999_400_000, '999 MB'],
  [999_900_000, '1.0 GB'],
  [10.84e9, '10.8 GB'],
])('%i bytes are %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
