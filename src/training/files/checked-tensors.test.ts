import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { writeSafetensors } from '#engine/formats/safetensors.ts';
import { packTensors, readIfWhole, unpackTensors } from './checked-tensors.ts';
import { TensorFileError } from './tensor-file.ts';

const file = join(mkdtempSync(join(tmpdir(), 'sgraffito-checked-')), 'a.safetensors');
const tensors = new Map([
  ['bytes', { dtype: 'U8' as const, shape: [3], data: Uint8Array.of(1, 2, 3) }],
  ['floats', { dtype: 'F32' as const, shape: [2], data: Float32Array.of(1.5, -2) }],
]);

it('what was packed comes back; every turned bit of the numbers and every cut is noticed, with the file', () => {
  const bytes = packTensors(tensors, { note: 'x' });
  const { tensors: read, metadata } = unpackTensors(bytes, file);
  expect(read.get('floats')).toEqual(tensors.get('floats'));
  expect(metadata.note).toBe('x');
  for (let at = bytes.length - 11; at < bytes.length; at++) {
    const turned = bytes.slice();
    turned[at]! ^= 4;
    expect(() => unpackTensors(turned, file)).toThrow(`${file} is damaged: its numbers are not those`);
  }
  for (let kept = 0; kept < bytes.length; kept++) {
    expect(() => unpackTensors(bytes.subarray(0, kept), file)).toThrow(TensorFileError);
  }
  expect(unpackTensors(writeSafetensors(tensors), file).tensors.size).toBe(2);
});

it('a damaged file counts as none, and is told', () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(readIfWhole(`${file}.gone`)).toBeUndefined();
  writeFileSync(file, packTensors(tensors));
  expect(readIfWhole(file)?.tensors.size).toBe(2);
  expect(said).not.toHaveBeenCalled();
  writeFileSync(file, readFileSync(file).subarray(0, -1));
  expect(readIfWhole(file)).toBeUndefined();
  expect(said.mock.calls).toEqual([[expect.stringMatching(/a\.safetensors is damaged: .*; it is made anew\.\n$/)]]);
  said.mockRestore();
});
