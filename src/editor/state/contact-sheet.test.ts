import { describe, expect, it } from 'vitest';
import type { Verdict } from '#engine/protocol.ts';
import { EMPTY_SCENE_GRAPH } from '#graph/scene-graph.ts';
import { bestOf } from './contact-sheet.ts';
import type { PictureRecord } from './picture-record.ts';

function record(...relations: Verdict[]): PictureRecord {
  return {
    id: relations.join(),
    createdAt: 0,
    model: 'picturebook',
    graph: EMPTY_SCENE_GRAPH,
    settings: { seed: 1, steps: 4, guidanceScale: 2, sampler: 'euler', style: 'any' },
    result: {
      picture: { width: 1, height: 1, pixels: new Uint8ClampedArray(4) },
      attention: { width: 1, height: 1, objects: {}, relations: {} },
      verification: { objects: { o1: 'found' }, relations: Object.fromEntries(relations.entries()) },
      backend: 'wasm',
      latent: new Float32Array(0),
      milliseconds: 1,
    },
    starred: false,
    parent: null,
  };
}

describe('bestOf', () => {
  it('names the picture in which most of its graph was found, the first of equals', () => {
    const records = [record('missing', 'found'), undefined, record('found', 'found'), null, record('found', 'found')];
    expect(bestOf(records)).toBe(2);
  });

  it('names none where all are equally good, or none is there', () => {
    expect(bestOf([record('missing'), record('unsure'), undefined])).toBeNull();
    expect(bestOf([record('found')])).toBeNull();
    expect(bestOf([undefined, null])).toBeNull();
  });
});
