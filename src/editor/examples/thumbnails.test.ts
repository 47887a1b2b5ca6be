import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { examples } from './examples.ts';

test.each(examples.map(({ name }) => name))('%s has a thumbnail of at most 15 kB', (name) => {
  const bytes = readFileSync(new URL(`./thumbnails/${name}.webp`, import.meta.url));
  expect(bytes.subarray(0, 4).toString('latin1') + bytes.subarray(8, 12).toString('latin1')).toBe('RIFFWEBP');
  expect(bytes.length).toBeLessThanOrEqual(15_000);
});
