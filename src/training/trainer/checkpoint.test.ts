import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSafetensors } from '#engine/formats/safetensors.ts';
import { type Checkpoint, CheckpointStore, parametersFor } from './checkpoint.ts';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'sgraffito-'));
const map = (entries: Record<string, number[]>) =>
  new Map(Object.entries(entries).map(([name, numbers]) => [name, Float32Array.from(numbers)]));

const checkpoint: Checkpoint = {
  parameters: map({ 'a.weight': [1, 2.5, -3], 'frozen:b': [7] }),
  ema: map({ 'a.weight': [1.5, 2, -2] }),
  optimizer: { step: 12, first: map({ 'a.weight': [0.1, 0.2, 0.3] }), second: map({ 'a.weight': [1e-9, 0, 4] }) },
  seconds: 61.25,
};

test('a checkpoint comes back as it was saved, from another store of the same folder', async () => {
  const folder = newFolder();
  await new CheckpointStore(folder, { seed: 1 }).save('toy', checkpoint);
  const store = new CheckpointStore(folder, { seed: 1 });
  expect(await store.load('toy')).toEqual(checkpoint);
  expect(await store.secondsTrained('toy')).toBe(61.25);
  expect(await store.secondsTrained('other')).toBe(0);
  expect([await store.stepsTrained('toy'), await store.stepsTrained('other')]).toEqual([12, 0]);
  expect(await store.load('other')).toBeUndefined();
});

test('a checkpoint says which configuration it belongs to', async () => {
  const folder = newFolder();
  await new CheckpointStore(folder, { seed: 3 }).save('toy', checkpoint);
  const { metadata } = readSafetensors(readFileSync(join(folder, 'toy.checkpoint.safetensors')));
  expect(JSON.parse(metadata.config!)).toEqual({ seed: 3 });
});

test('saving replaces the file as a whole: half a new file, left by a kill, does no harm', async () => {
  const folder = newFolder();
  const store = new CheckpointStore(folder, {});
  await store.save('toy', checkpoint);
  writeFileSync(join(folder, 'toy.checkpoint.safetensors.new'), 'half');
  expect(await store.load('toy')).toEqual(checkpoint);
  await store.save('toy', { ...checkpoint, seconds: 90 });
  expect((await store.load('toy'))?.seconds).toBe(90);
  expect(readdirSync(folder)).toEqual(['toy.checkpoint.safetensors']);
});

test('weights are the published ones, else the averages of the last checkpoint, else an error that names the stage', async () => {
  const store = new CheckpointStore(newFolder(), {});
  expect(store.hasWeights('clip')).toBe(false);
  await expect(store.weights('clip')).rejects.toThrow('no weights of stage "clip": run "npm run train -- clip" first');
  await store.save('clip', checkpoint);
  expect(store.hasWeights('clip')).toBe(true);
  expect(await store.weights('clip')).toEqual(map({ 'a.weight': [1.5, 2, -2], 'frozen:b': [7] }));
  await store.publish('clip', map({ 'a.weight': [9] }));
  expect(await store.weights('clip')).toEqual(map({ 'a.weight': [9] }));
});

test('parametersFor keeps what a graph declares, the later source first, and nothing of another size', () => {
  const declared = new Map(
    ['a', 'b', 'c'].map((name) => [name, { value: { name, type: 'float32' as const, shape: [2] } }]),
  );
  const found = parametersFor(declared, map({ a: [1, 1], b: [2, 2], d: [0, 0] }), map({ a: [3, 3], c: [1] }));
  expect(found).toEqual(map({ a: [3, 3], b: [2, 2] }));
});

test('what was not trained here comes from upstream; what is trained here stays here', async () => {
  const upstream = new CheckpointStore(newFolder(), {});
  await upstream.save('toy', checkpoint);
  const store = new CheckpointStore(newFolder(), {}, upstream);
  expect(store.hasWeights('toy')).toBe(true);
  expect((await store.weights('toy')).get('a.weight')).toEqual(Float32Array.from([1.5, 2, -2]));
  expect(await store.secondsTrained('toy')).toBe(61.25);
  expect(await store.load('toy')).toBeUndefined();
  await store.save('toy', { ...checkpoint, ema: map({ 'a.weight': [9, 9, 9] }), seconds: 5 });
  expect((await store.weights('toy')).get('a.weight')).toEqual(Float32Array.from([9, 9, 9]));
  expect(await store.secondsTrained('toy')).toBe(5);
  expect(await upstream.secondsTrained('toy')).toBe(61.25);
  expect(store.hasWeights('other')).toBe(false);
});
