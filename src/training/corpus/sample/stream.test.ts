import { describe, expect, it, vi } from 'vitest';
import { MAX_SCENES, sceneSeed, splits } from '#training/corpus/world/random.ts';
import { SceneLoader, SceneStream } from './stream.ts';

// Every file draws the sprites that it needs once.
vi.setConfig({ testTimeout: 60_000 });

const options = { split: 'train', size: 64, grid: 16, things: { min: 1, max: 3 }, start: 1000 } as const;

describe('the stream of scenes', () => {
  it('gives the record of an index wherever it starts', () => {
    const stream = new SceneStream(options);
    const [, , third] = [stream.next(), stream.next(), stream.next()];
    expect(third.index).toBe(1002);
    expect(new SceneStream({ ...options, start: 1002 }).next()).toEqual(third);
  });

  it('shows other scenes in every split', () => {
    const [train, validation, test] = splits.map((split) => new SceneStream({ ...options, split }).next().rendered.rgb);
    expect(train).not.toEqual(validation);
    expect(train).not.toEqual(test);
    expect(validation).not.toEqual(test);
  });

  it('gives no two scenes one seed', () => {
    const seeds = splits.flatMap((split) =>
      Array.from({ length: 20_000 }, (_, index) => sceneSeed(split, index * 50_000)),
    );
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(() => sceneSeed('train', MAX_SCENES)).toThrow(RangeError);
    expect(() => sceneSeed('train', 0.5)).toThrow(RangeError);
  });

  it('is delivered by a worker thread in the same order and with the same bytes', async () => {
    const stream = new SceneStream(options);
    const loader = new SceneLoader(options, 4);
    try {
      for (let i = 0; i < 12; i++) expect(await loader.next()).toEqual(stream.next());
      const ahead = await Promise.all([loader.next(), loader.next(), loader.next()]);
      expect(ahead.map(({ index }) => index)).toEqual([1012, 1013, 1014]);
    } finally {
      await loader.terminate();
    }
  });

  it('says so when the worker is gone or fails', async () => {
    const loader = new SceneLoader({ ...options, size: 65 }, 1);
    await expect(loader.next()).rejects.toThrow(/65 px/);
    await loader.terminate();
  });
});
