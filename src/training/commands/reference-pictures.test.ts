/**
 * `npm run generate -- --prompt` beside diffusers. reference-pictures.fixture/package is a Stable Diffusion of 100,000 random weights, taught for some
 * seconds that words change pictures, as Optimum 2.1 exports it. Each folder beside it is one picture by diffusers 0.35.2 in PyTorch 2.13:
 * case.json says what it was asked for, noise.safetensors what it started from and drew on the way, scheduler_config.json takes the place of the package's own.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DecodedPng, decode } from 'fast-png';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { writeSafetensors } from '#engine/formats/safetensors.ts';

vi.setConfig({ testTimeout: 120_000 });

const fixture = join(import.meta.dirname, 'reference-pictures.fixture');
const program = join(import.meta.dirname, 'generate.ts');
const folder = mkdtempSync(join(tmpdir(), 'sgraffito-'));

function generate(...options: readonly string[]) {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', program, ...options], {
    encoding: 'utf8',
  });
  return { status, stderr };
}

/** The package with a case's scheduler. */
function packageFor(name: string): string {
  const model = join(folder, name);
  cpSync(join(fixture, 'package'), model, { recursive: true });
  cpSync(join(fixture, name, 'scheduler_config.json'), join(model, 'scheduler/scheduler_config.json'));
  return model;
}

/** Decibels between the colours of two pictures. */
function psnr(a: DecodedPng, b: DecodedPng): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  let error = 0;
  for (let i = 0; i < a.width * a.height; i++) {
    for (let c = 0; c < 3; c++) error += (a.data[i * a.channels + c]! - b.data[i * b.channels + c]!) ** 2;
  }
  return 10 * Math.log10((255 ** 2 * 3 * a.width * a.height) / error);
}

describe('the picture of diffusers', () => {
  it.each(['pndm-6', 'euler-ancestral-4'])('%s', (name) => {
    const asked = JSON.parse(readFileSync(join(fixture, name, 'case.json'), 'utf8'));
    const [out, reportFile] = [join(folder, `${name}.png`), join(folder, `${name}.json`)];
    const { status, stderr } = generate(
      ...['--prompt', asked.prompt, '--negative', asked.negative_prompt, '--out', out, '--report', reportFile],
      ...['--steps', String(asked.steps), '--guidance', String(asked.guidance)],
      ...['--width', String(asked.width), '--height', String(asked.height)],
      ...['--model', packageFor(name), '--noise', join(fixture, name, 'noise.safetensors')],
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(psnr(decode(readFileSync(out)), decode(readFileSync(join(fixture, name, 'picture.png'))))).toBeGreaterThan(
      60,
    );
    const report = JSON.parse(readFileSync(reportFile, 'utf8'));
    const [picture] = report.pictures;
    expect(picture.tokenIds).toEqual([asked.input_ids]);
    expect(picture.negativeTokenIds).toEqual(asked.negative_input_ids);
    expect(picture.timesteps.length).toBe(asked.timesteps.length);
    for (const [i, timestep] of asked.timesteps.entries()) expect(picture.timesteps[i]).toBeCloseTo(timestep, 2);
    expect(picture.sigmas.length).toBe(asked.steps + 1);
    expect(Object.keys(report.packageHashes)).toEqual([
      'text_encoder/model.onnx',
      'unet/model.onnx',
      'vae_decoder/model.onnx',
    ]);
    expect(report).toMatchObject({ backend: 'node-cpu', seeds: [0] });
    expect(report.peakMemoryBytes).toBeGreaterThan(50_000_000);
    expect(picture.milliseconds.denoise).toBeGreaterThan(0);
  });
});

describe('what a text cannot be painted with', () => {
  let model: string;
  beforeAll(() => {
    model = packageFor('pndm-6');
  });
  const noiseFile = (name: string, shape: readonly number[]) => {
    const file = join(folder, name);
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    writeFileSync(file, writeSafetensors(new Map([['noise', { dtype: 'F32', shape, data }]])));
    return file;
  };

  it.each<[string, RegExp, () => string[]]>([
    ['nothing', /--graph FILE or --prompt TEXT is needed/, () => []],
    ['both', /not both/, () => ['--prompt', 'a', '--graph', 'b.json']],
    ['a side that does not fit', /sides must be multiples of 16/, () => ['--prompt', 'a', '--width', '72']],
    [
      'noise of another size',
      /“noise” is 1 × 4 × 4 × 4, this picture needs 1 × 4 × 8 × 8/,
      () => [...['--prompt', 'a', '--noise', noiseFile('small.safetensors', [1, 4, 4, 4])]],
    ],
    ['a model that reads graphs', /reads a graph, not a text/, () => ['--prompt', 'a', '--model', 'picturebook']],
  ])('%s', (_, message, options) => {
    const { status, stderr } = generate('--model', model, '--out', join(folder, 'never.png'), ...options());
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(stderr.trim().split('\n').length).toBe(1);
  });
});
