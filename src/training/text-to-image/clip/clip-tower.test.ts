/** CLIP as Optimum exports it, both towers in one file, beside the reference's pixels and feature of one picture. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { resizeBicubic } from '#diffusion/resize.ts';
import { readSafetensors } from '#engine/formats/safetensors.ts';
import { readPicture } from '#training/files/picture-file.ts';
import { moveWeightsOut } from '#training/package/stable-diffusion.fixture.ts';
import { clipPixels } from './clip-pixels.ts';
import { openClipTower } from './clip-tower.ts';

const golden = (file: string) => join(import.meta.dirname, '../golden', file);
const expected = readSafetensors(readFileSync(golden('clip-expected.safetensors'))).tensors;
const given = (name: string) => Float32Array.from(expected.get(name)!.data as ArrayLike<number>);
const cosine = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0) / (Math.hypot(...a) * Math.hypot(...b));

it('pixels are CLIPImageProcessor’s', async () => {
  const { data, dims } = clipPixels(await readPicture(golden('clip-picture.png')));
  const theirs = given('pixel_values');
  expect(dims).toEqual([1, 3, 224, 224]);
  // A step of one byte is 0.015.
  const missed = data.map((value, i) => Math.abs(value - theirs[i]!));
  expect(missed.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(0.016);
  expect(missed.filter((value) => value > 1e-3).length / missed.length).toBeLessThan(0.01);
});

it('the feature is the reference’s, with the weights in the file or beside it', async () => {
  const picture = await readPicture(golden('clip-picture.png'));
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-clip-'));
  const { model, data } = moveWeightsOut(readFileSync(golden('clip.onnx')), 'weights.bin');
  writeFileSync(join(folder, 'model.onnx'), model);
  writeFileSync(join(folder, 'weights.bin'), data);
  for (const file of [golden('clip.onnx'), join(folder, 'model.onnx')]) {
    const tower = await openClipTower(file);
    const feature = await tower.encode(picture);
    await tower.release();
    expect(Math.hypot(...feature)).toBeCloseTo(1, 5);
    expect(cosine(feature, given('image_embeds'))).toBeGreaterThan(0.9999);
  }
  writeFileSync(join(folder, 'weights.bin'), data.subarray(0, 1000));
  await expect(openClipTower(join(folder, 'model.onnx'))).rejects.toThrow(
    /model\.onnx: its weights cannot be read: .*weights\.bin has 1000 bytes/,
  );
});

it('a plain picture stays plain at every size', () => {
  const side = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(side, side, side, side, fc.integer({ min: 0, max: 255 }), (w, h, toW, toH, value) => {
      const resized = resizeBicubic(new Uint8ClampedArray(w * h * 4).fill(value), [w, h], [toW, toH]);
      expect(resized.length).toBe(toW * toH * 4);
      expect(resized.every((byte) => byte === value)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

it('a file without an image tower is refused by what it has', async () => {
  await expect(openClipTower(golden('unet.onnx'))).rejects.toThrow(
    /unet\.onnx turns sample, timestep, encoder_hidden_states into out_sample; pixel_values into image_embeds is needed/,
  );
});
