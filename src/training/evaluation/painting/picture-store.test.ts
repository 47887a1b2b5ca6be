import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Networks } from '#diffusion/networks.ts';
import { type PaintModel, paint } from '#diffusion/pipeline.ts';
import { createSmallNetworks, letterEmbedding } from '#diffusion/small-networks.fixture.ts';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import { encodePng, readPicture } from '#training/files/picture-file.ts';
import { type PaintJob, type PaintMany, paintMany } from './paint-many.ts';
import { jobKey, PictureStore, paintOrLoad } from './picture-store.ts';

const model: PaintModel = {
  vocabulary: { objects: ['cat', 'dog'], predicates: ['on', 'left of'], attributes: [] },
  styles: ['ink'],
  embedding: letterEmbedding(5),
  parametrisation: 'edm',
  sigma: { min: 0.02, max: 20, data: 0.5 },
  latent: { channels: 2, height: 3, width: 4 },
};
const small = createSmallNetworks({ words: 5, predicates: 2, styles: 1, channels: 2 });
const graph: SceneGraph = {
  ...EMPTY_SCENE_GRAPH,
  objects: ['cat', 'dog'].map((label, i) => ({ id: `o${i}`, label, attributes: [], position: { x: i, y: 0 } })),
  relations: [{ id: 'r0', subject: 'o0', predicate: 'on', object: 'o1' }],
};
const job = (seed: number): PaintJob => ({
  graph,
  settings: { seed, steps: 2, guidanceScale: 2, sampler: 'euler', style: 'any' },
});
const emptyFolder = () => mkdtempSync(join(tmpdir(), 'sgraffito-'));

function dying(after: number): Networks {
  let calls = 0;
  return {
    encodeGraph: (tokens) => small.encodeGraph(tokens),
    denoise: (input) => small.denoise(input),
    decode: async (latent) => {
      calls++;
      if (calls > after) throw new Error('killed');
      return small.decode(latent);
    },
  };
}

const painter =
  (networks: Networks): PaintMany =>
  (jobs, onPicture) =>
    paintMany(networks, model, jobs, onPicture);

describe('picture files', () => {
  it('PNG gives every pixel back, and reading scales when asked to', async () => {
    const { picture } = await paint(small, model, graph, job(1).settings);
    const path = join(emptyFolder(), 'picture.png');
    writeFileSync(path, encodePng(picture));
    expect(await readPicture(path)).toEqual(picture);
    expect(await readPicture(path, { width: 4, height: 3 })).toMatchObject({ width: 4, height: 3 });
  });
});

describe('jobKey', () => {
  it('depends on what the graph says and on the settings, not on ids, positions or order', () => {
    const renamed: SceneGraph = {
      ...graph,
      objects: [...graph.objects]
        .reverse()
        .map((object) => ({ ...object, id: `x${object.id}`, position: { x: 9, y: 9 } })),
      relations: [{ id: 'q', subject: 'xo0', predicate: 'on', object: 'xo1' }],
    };
    expect(jobKey({ ...job(1), graph: renamed })).toBe(jobKey(job(1)));
    const turned = { ...graph, relations: [{ id: 'r0', subject: 'o1', predicate: 'on', object: 'o0' }] };
    const keys = [
      job(1),
      job(2),
      { ...job(1), graph: turned },
      ...[{ steps: 3 }, { guidanceScale: 1 }, { sampler: 'heun' as const }, { style: 'ink' }].map((change) => ({
        graph,
        settings: { ...job(1).settings, ...change },
      })),
    ].map(jobKey);
    expect(new Set(keys).size).toBe(7);
  });
});

describe('paintOrLoad', () => {
  it('paints equal jobs once and loads everything the second time', async () => {
    const folder = emptyFolder();
    const jobs = [job(1), job(2), job(1)];
    const first = await paintOrLoad(painter(small), jobs, new PictureStore(folder));
    expect(readdirSync(folder)).toHaveLength(2);
    expect(first[0]).toEqual(first[2]);
    expect(first[0]).toEqual((await paint(small, model, graph, job(1).settings)).picture);
    const seen: string[] = [];
    const again = await paintOrLoad(painter(dying(0)), jobs, new PictureStore(folder), (ready, total) =>
      seen.push(`${ready}/${total}`),
    );
    expect(again).toEqual(first);
    expect(seen).toEqual(['2/2']);
  });

  it('tells a damaged picture, and paints it anew', async () => {
    const folder = emptyFolder();
    const first = await paintOrLoad(painter(small), [job(1), job(2)], new PictureStore(folder));
    const file = join(folder, `${jobKey(job(2))}.png`);
    const bytes = readFileSync(file);
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const turned = Buffer.from(bytes);
    turned[bytes.length - 20]! ^= 1;
    for (const [damaged, reason] of [
      [turned, 'it is damaged'],
      [bytes.subarray(0, -9), 'it is cut off'],
      [Buffer.of(), 'it is no picture, or damaged'],
    ] as const) {
      writeFileSync(file, damaged);
      expect(await paintOrLoad(painter(small), [job(1), job(2)], new PictureStore(folder))).toEqual(first);
      expect(said).toHaveBeenLastCalledWith(`${file} cannot be read: ${reason}; it is painted anew.\n`);
      expect(readFileSync(file)).toEqual(bytes);
    }
    said.mockRestore();
  });

  it('goes on where it was stopped', async () => {
    const folder = emptyFolder();
    const jobs = Array.from({ length: 12 }, (_, i) => job(i));
    await expect(paintOrLoad(painter(dying(1)), jobs, new PictureStore(folder))).rejects.toThrow('killed');
    expect(readdirSync(folder)).toHaveLength(8); // one batch was finished
    const whole = await paintOrLoad(painter(dying(1)), jobs, new PictureStore(folder));
    expect(whole[11]).toEqual((await paint(small, model, graph, job(11).settings)).picture);
  });
});
