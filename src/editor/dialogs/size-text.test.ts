import { expect, it } from 'vitest';
import { sizeText } from './size-text.ts';

it('says megabytes, and gigabytes from one on', () => {
  const sizes = [0, 3_440_000, 25_600_000, 999_900_000, 10.8e9].map(sizeText);
  expect(sizes).toEqual(['0.0 MB', '3.4 MB', '25.6 MB', '999.9 MB', '10.80 GB']);
});
