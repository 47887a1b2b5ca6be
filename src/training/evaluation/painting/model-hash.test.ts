import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Manifest } from '#engine/contract/manifest.ts';
import { modelHash } from './evaluation-model.ts';

it('tells models apart that paint otherwise, by the student’s noise levels alone too', () => {
  const manifest = JSON.parse(readFileSync('public/models/picturebook/manifest.json', 'utf8')) as Manifest;
  const { student, ...untaught } = manifest;
  const hash = modelHash(manifest);
  expect(modelHash({ ...manifest, evaluation: {} })).toBe(hash);
  const others: Manifest[] = [
    untaught,
    { ...manifest, student: { ...student!, sigmas: [80, 9] } },
    { ...manifest, latent: { ...manifest.latent, unguided: [] } },
    { ...manifest, files: { ...manifest.files, 'decoder.onnx': { bytes: 1, sha256: '0'.repeat(64) } } },
  ];
  expect(new Set([hash, ...others.map(modelHash)]).size).toBe(others.length + 1);
});
