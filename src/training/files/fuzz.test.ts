/**
 * Manifests and safetensors files, changed at random: whatever comes, it is read or refused with an error of ours, in time.
 * The long form: SGRAFFITO_FUZZ=100000 npx vitest run src/training/files/fuzz.test.ts
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EngineError } from '#engine/contract/engine-error.ts';
import type { StableDiffusionManifest } from '#engine/contract/manifest.ts';
import { toHalf } from '#engine/formats/float16.ts';
import {
  floatsOf,
  readSafetensors,
  SafetensorsError,
  type SafetensorsTensor,
  writeSafetensors,
} from '#engine/formats/safetensors.ts';
import { parseAnyManifest } from '#engine/package/package-manifest.ts';
import { changedBytes, changedJson } from '#graph/files/changed.fixture.ts';
import { readTensorFile, TensorFileError } from './tensor-file.ts';
import { openRows } from './tensor-rows.ts';

const RUNS = Number(process.env.SGRAFFITO_FUZZ ?? 300);
const patience = { timeout: 60_000 + RUNS * 50 };
/** Milliseconds of processor time of one file, bytes that the process may grow by, letters of a message. */
const LIMITS = { time: 2_000, memory: 1e9, message: 2_000 };

/** Of every file: read, or refused by one of these. */
function checkAll<Input>(
  seed: number,
  inputs: fc.Arbitrary<Input>,
  isOurs: (error: unknown) => error is Error,
  read: (input: Input) => void,
): void {
  const before = process.memoryUsage.rss();
  let slowest = 0;
  fc.assert(
    fc.property(inputs, (input) => {
      const start = process.cpuUsage();
      try {
        read(input);
      } catch (error) {
        if (!isOurs(error)) throw error;
        expect(error.message.length).toBeLessThan(LIMITS.message);
      }
      slowest = Math.max(slowest, process.cpuUsage(start).user / 1000);
    }),
    { seed, numRuns: RUNS },
  );
  expect(slowest).toBeLessThan(LIMITS.time);
  expect(process.memoryUsage.rss() - before).toBeLessThan(LIMITS.memory);
}

const builtIn = JSON.parse(readFileSync('public/models/picturebook/manifest.json', 'utf8'));
/** The built-in model's, of whose long lists a few entries are as good. */
const picturebook = {
  ...builtIn,
  likely: builtIn.likely.slice(0, 3),
  training: {},
  evaluation: {},
};
const stableDiffusion: StableDiffusionManifest = {
  format: builtIn.format,
  version: builtIn.version,
  kind: 'stable-diffusion',
  name: 'tiny',
  title: 'Tiny',
  image: { width: 256, height: 256 },
  defaults: { sampler: 'lms', steps: 100, guidanceScale: 7.5 },
  files: { 'unet/model.onnx': { bytes: 5_000_000_000, sha256: 'a'.repeat(64) } },
};

it(`${RUNS} changed manifests`, patience, () => {
  const values = [picturebook, stableDiffusion];
  const files = fc.oneof(
    { weight: 3, arbitrary: changedJson(values).map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: changedBytes(values.map((value) => Buffer.from(JSON.stringify(value)))) },
  );
  const isOurs = (error: unknown): error is EngineError => error instanceof EngineError;
  checkAll(20_403, files, isOurs, (bytes) => {
    expect(['picturebook', 'stable-diffusion']).toContain(parseAnyManifest(bytes).kind);
  });
});

const tensors = new Map<string, SafetensorsTensor>([
  ['latent', { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, -2, 3, 4, 5, 6) }],
  ['text', { dtype: 'F16', shape: [2, 2], data: toHalf(Float32Array.of(1, 2, 3, 4)) }],
  ['bytes', { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 3) }],
  ['none', { dtype: 'I64', shape: [0], data: new BigInt64Array() }],
]);
const floats = new Map([...tensors].slice(0, 1));
const files = [tensors, floats].map((each) => writeSafetensors(each, { step: '1', crc32: '0' }));

/** The header changed, and put before the same numbers. */
const changedHeaders = fc.constantFrom(...files).chain((bytes) => {
  const end = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, end)));
  return changedJson([header]).map((text) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
    return Buffer.concat([length, Buffer.from(text), bytes.subarray(end)]);
  });
});
const safetensors = fc.oneof(changedHeaders, changedBytes(files));

it(`${RUNS} changed safetensors files, in memory`, patience, () => {
  const isOurs = (error: unknown): error is SafetensorsError => error instanceof SafetensorsError;
  checkAll(20_404, safetensors, isOurs, (bytes) => {
    for (const tensor of readSafetensors(bytes).tensors.values()) floatsOf(tensor);
  });
});

it(`${RUNS} changed safetensors files, on a disk`, patience, () => {
  const file = join(mkdtempSync(join(tmpdir(), 'sgraffito-fuzz-')), 'a.safetensors');
  const isOurs = (error: unknown): error is TensorFileError =>
    error instanceof TensorFileError && error.message.includes(file);
  checkAll(20_405, safetensors, isOurs, (bytes) => {
    writeFileSync(file, bytes);
    const rows = openRows(file);
    for (const name of ['latent', 'text']) if (rows.has(name)) rows.row(name, 1);
  });
  checkAll(20_406, safetensors, isOurs, (bytes) => {
    writeFileSync(file, bytes);
    readTensorFile(file);
  });
});
