import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type SafetensorsTensor, writeSafetensors } from '#engine/formats/safetensors.ts';
import { WordVectors } from './word-vectors.ts';

function tableOf(words: readonly string[], vectors: readonly (readonly number[])[]): Uint8Array {
  const width = vectors[0]!.length;
  const tensors = new Map<string, SafetensorsTensor>([
    ['vectors', { dtype: 'I8', shape: [words.length, width], data: Int8Array.from(vectors.flat()) }],
    ['scales', { dtype: 'F32', shape: [words.length], data: Float32Array.from(words, (_, i) => 0.01 * (i + 1)) }],
  ]);
  return writeSafetensors(tensors, { words: words.join('\n') });
}

describe('a table of word vectors', () => {
  const table = new WordVectors(
    tableOf(
      ['fire', 'truck', 'pony', 'box', 't-shirt'],
      [
        [3, 4],
        [0, -50],
        [5, 0],
        [0, 7],
        [-9, 0],
      ],
    ),
  );

  it('gives unit vectors whatever the scale', () => {
    expect(table.width).toBe(2);
    expect([...table.vector('fire')!]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)]);
  });

  it('averages the words of a label, which count alike', () => {
    const mean = [0.6, -0.2].map((x) => x / Math.hypot(0.6, 0.2));
    for (const label of ['fire truck', 'Fire-Truck', ' fire_truck ', 'fire blorptious trucks']) {
      expect([...table.vector(label)!]).toEqual(mean.map((x) => expect.closeTo(x)));
    }
  });

  it('falls back from plural to singular', () => {
    expect(table.vector('ponies')).toEqual(table.vector('pony'));
    expect(table.vector('boxes')).toEqual(table.vector('box'));
    expect(table.vector('trucks')).toEqual(table.vector('truck'));
  });

  it('takes a label as a whole before it takes it apart', () => {
    expect([...table.vector('T-shirt')!]).toEqual([-1, 0]);
  });

  it('knows what it does not know', () => {
    for (const label of ['blorptious', '', ' - ', '__proto__', 'constructor'])
      expect(table.vector(label)).toBeUndefined();
    expect(table.nearest('blorptious', ['fire'], 3)).toEqual([]);
  });

  it('finds the nearest of some candidates', () => {
    const near = table.nearest('box', ['pony', 'truck', 'unknown', 'fire'], 2);
    expect(near).toEqual([
      { label: 'fire', similarity: expect.closeTo(0.8) },
      { label: 'pony', similarity: expect.closeTo(0) },
    ]);
  });

  it('refuses a file whose parts do not fit', () => {
    const short = new Map<string, SafetensorsTensor>([
      ['vectors', { dtype: 'I8', shape: [2, 2], data: new Int8Array(4) }],
      ['scales', { dtype: 'F32', shape: [2], data: new Float32Array(2) }],
    ]);
    expect(() => new WordVectors(writeSafetensors(short, { words: 'one' }))).toThrow(/as many/);
    expect(() => new WordVectors(writeSafetensors(new Map()))).toThrow(/"vectors"/);
  });
});

describe('the word vectors that ship', () => {
  const table = new WordVectors(readFileSync('public/models/picturebook/word-vectors.safetensors'));
  const labels = [
    'dog',
    'car',
    'cat',
    'horse',
    'tree',
    'house',
    'boat',
    'plane',
    'woman',
    'boy',
    'grass',
    'road',
    'truck',
    'chair',
  ];

  it.each([
    ['puppy', 'dog'],
    ['automobile', 'car'],
    ['kittens', 'cat'],
    ['stallion', 'horse'],
    ['oak tree', 'tree'],
    ['cottage', 'house'],
    ['yacht', 'boat'],
    ['aircraft', 'plane'],
    ['lad', 'boy'],
    ['meadow', 'grass'],
    ['highway', 'road'],
    ['lorry', 'truck'],
    ['helicopter', 'plane'],
  ])('%s is nearest to %s', (word, label) => {
    expect(table.nearest(word, labels, 1)[0]!.label).toBe(label);
  });
});
