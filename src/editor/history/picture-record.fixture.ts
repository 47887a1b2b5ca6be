/** A picture of one pixel, for tests of what is kept and shown of pictures. */
import { EMPTY_SCENE_GRAPH } from '#graph/scene-graph.ts';
import type { PictureRecord } from './picture-record.ts';

/** @param result of the engine, as far as the test cares for it */
export function pictureRecord(
  change: Partial<Omit<PictureRecord, 'result'>> = {},
  result: Partial<PictureRecord['result']> = {},
): PictureRecord {
  return {
    id: 'p1',
    createdAt: 0,
    model: 'picturebook',
    graph: EMPTY_SCENE_GRAPH,
    settings: { seed: 1, steps: 4, guidanceScale: 2, sampler: 'euler', style: 'any' },
    starred: false,
    parent: null,
    ...change,
    result: {
      picture: { width: 1, height: 1, pixels: new Uint8ClampedArray(4) },
      attention: { width: 1, height: 1, objects: {}, relations: {} },
      verification: { objects: {}, relations: {} },
      backend: 'wasm',
      latent: new Float32Array(0),
      milliseconds: 1,
      ...result,
    },
  };
}
