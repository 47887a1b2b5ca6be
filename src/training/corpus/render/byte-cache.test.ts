import { expect, it } from 'vitest';
import { ByteCache } from './byte-cache.ts';

const item = (bytes: number) => ({ rgba: new Uint8Array(bytes) });

it('makes each item once, and forgets the oldest beyond its limit', () => {
  const cache = new ByteCache<ReturnType<typeof item>>(100);
  let made = 0;
  const get = (key: string, bytes = 40) =>
    cache.get(key, () => {
      made++;
      return item(bytes);
    });
  expect(get('a')).toBe(get('a'));
  get('b');
  expect([made, cache.bytes]).toEqual([2, 80]);
  get('c');
  expect([made, cache.bytes]).toEqual([3, 80]);
  get('b');
  expect(made).toBe(3);
  get('a');
  expect(made).toBe(4);
  get('large', 500);
  expect(cache.bytes).toBe(500);
});
