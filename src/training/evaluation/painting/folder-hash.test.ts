import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeTinyStableDiffusion } from '#training/package/stable-diffusion.fixture.ts';
import { folderHash } from './folder-hash.ts';

it('is of what paints, and not of what lies beside it', () => {
  const folder = writeTinyStableDiffusion();
  const hash = () => folderHash(folder, {});
  const before = hash();
  rmSync(join(folder, 'vae_encoder'), { recursive: true });
  expect(hash()).toBe(before);
  appendFileSync(join(folder, 'vae_decoder/model.onnx'), ' ');
  expect(hash()).not.toBe(before);
  expect(folderHash(folder, { image: 64 })).not.toBe(hash());
});
