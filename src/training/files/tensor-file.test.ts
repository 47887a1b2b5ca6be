import { mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSafetensors } from '#engine/formats/safetensors.ts';
import { readTensorFile, TensorFileError, tensorFileMetadata, writeTensorFile } from './tensor-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'sgraffito-tensors-'));
const file = join(folder, 'toy.safetensors');
const LARGE = Math.fround(1e17);
const tensors = new Map([
  ['a', Float32Array.of(1, -2.5, 3e-9)],
  ['empty', new Float32Array()],
  ['b', Float32Array.of(7)],
]);

test('numbers and metadata come back, and any reader of safetensors reads them', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.float32Array({ noNaN: true, min: -LARGE, max: LARGE })),
      fc.string(),
      (entries, note) => {
        const written = new Map(Object.entries(entries).filter(([name]) => name !== '__metadata__'));
        writeTensorFile(file, written, { note });
        const { tensors: read, metadata } = readTensorFile(file);
        expect(read).toEqual(written);
        expect(metadata.note).toBe(note);
        expect(tensorFileMetadata(file)).toEqual(metadata);
        expect([...readSafetensors(readFileSync(file)).tensors.keys()].sort()).toEqual([...written.keys()].sort());
      },
    ),
    { numRuns: 30 },
  );
  expect(readdirSync(folder)).toEqual(['toy.safetensors']);
});

test('one bit turned in the numbers is noticed, and the message names the file and what would do', () => {
  writeTensorFile(file, tensors, {});
  const bytes = readFileSync(file);
  bytes[bytes.length - 3]! ^= 1;
  writeFileSync(file, bytes);
  expect(() => readTensorFile(file)).toThrow(TensorFileError);
  expect(() => readTensorFile(file)).toThrow(
    `${file} is damaged: its numbers are not those that were written. Delete it`,
  );
});

test.each([Number.NaN, Number.NEGATIVE_INFINITY, 1e38])('a file that holds %d is named', (odd) => {
  writeTensorFile(file, new Map([...tensors, ['c', Float32Array.of(1, odd)]]), {});
  expect(() => readTensorFile(file)).toThrow(
    `${file} is damaged: its tensor "c" holds ${Math.fround(odd)}, from which`,
  );
});

test('a file that was cut is named, wherever it was cut', () => {
  writeTensorFile(file, tensors, { note: 'x' });
  const { length } = readFileSync(file);
  for (let kept = length - 1; kept >= 0; kept--) {
    truncateSync(file, kept);
    expect(() => readTensorFile(file), `${kept} bytes`).toThrow(`${file} is damaged: `);
  }
});
