import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Sha256 } from './sha256.ts';

it('has the standard’s own example', () => {
  const digest = new Sha256().update(new TextEncoder().encode('abc')).digest();
  expect(digest).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

it('agrees with the platform, however the bytes are cut', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 });
  fc.assert(
    fc.property(pieces, (parts) => {
      const ours = new Sha256();
      for (const part of parts) ours.update(part);
      expect(ours.digest()).toBe(createHash('sha256').update(Buffer.concat(parts)).digest('hex'));
    }),
  );
});
