import { expect, it } from 'vitest';
import { attentionMaps } from './attention.ts';

const traced = {
  objects: [{ label: 'dog', attributes: [] }],
  relations: [{ subject: 0, predicate: 'on', object: 0 }],
  style: 'any',
  objectIds: ['dog-id'],
  relationIds: ['edge-id'],
};

it('finds each id behind G_global and the padding, and brings each map to a maximum of 1', () => {
  // tokens: G_global, object, padded object, relation, style; 1 × 2 pixels each
  const data = Float32Array.of(0.9, 0.9, 0.1, 0.2, 0, 0, 0.05, 0, 0.7, 0.7);
  const maps = attentionMaps({ data, dims: [5, 2] }, traced, { objects: 2, relations: 1 }, { height: 1, width: 2 });
  expect(maps).toEqual({
    width: 2,
    height: 1,
    objects: { 'dog-id': Float32Array.of(0.5, 1) },
    relations: { 'edge-id': Float32Array.of(1, 0) },
  });
});

it('leaves a map without any weight at zero', () => {
  const maps = attentionMaps(
    { data: new Float32Array(8), dims: [4, 2] },
    traced,
    { objects: 1, relations: 1 },
    { height: 1, width: 2 },
  );
  expect(maps.objects['dog-id']).toEqual(Float32Array.of(0, 0));
});
