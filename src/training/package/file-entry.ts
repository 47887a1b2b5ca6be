import { createHash } from 'node:crypto';
import type { Manifest } from '#engine/contract/manifest.ts';

/** What a manifest says of a file with these bytes. */
export const fileEntry = (bytes: Uint8Array): Manifest['files'][string] => ({
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});
