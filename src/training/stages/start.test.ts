import { describe, expect, it } from 'vitest';
import { seededNoise } from '#diffusion/noise.ts';
import { nearestWords } from '../corpus/phrases.ts';
import { PATCH } from '../networks/autoencoder.ts';
import { fitRows, invertedDecoder } from './start.ts';

describe('rows of words', () => {
  const rows = Float32Array.of(1, 10, 2, 20, 6, 60);

  it('go where the new list has the word; a new word starts as its nearest, or as the mean', () => {
    const nearest = (word: string) => (word === 'lady' ? ['queen', 'woman'] : []);
    const fit = fitRows(rows, ['dog', 'woman', 'depth'], ['lady', 'depth', 'unicorn', 'dog'], nearest);
    expect([...fit]).toEqual([2, 20, 6, 60, 3, 30, 1, 10]);
  });

  it('of predicates and labels start from words that mean the same', () => {
    expect(nearestWords('near')[0]).toBe('next to');
    expect(nearestWords('wears')).toContain('holding');
    expect(nearestWords('lady')).toEqual(['woman']);
    expect(nearestWords('unicorn')).toEqual([]);
  });
});

it('a decoder is inverted: what it decodes, the encoder encodes', () => {
  const noise = seededNoise(3);
  const channels = 5;
  const weight = noise.normals(PATCH * channels);
  const bias = noise.normals(PATCH);
  const latent = noise.normals(channels);
  const patch = Array.from({ length: PATCH }, (_, i) =>
    latent.reduce((sum, value, k) => sum + weight[i * channels + k]! * value, bias[i]!),
  );
  const maps = invertedDecoder(
    new Map([
      ['decoder.linear.weight', weight],
      ['decoder.linear.bias', bias],
    ]),
  );
  const encoder = maps.get('encoder.linear.weight')!;
  const offset = maps.get('encoder.linear.bias')!;
  latent.forEach((value, k) => {
    const encoded = patch.reduce((sum, pixel, i) => sum + encoder[k * PATCH + i]! * pixel, offset[k]!);
    expect(encoded).toBeCloseTo(value, 3);
  });
});
