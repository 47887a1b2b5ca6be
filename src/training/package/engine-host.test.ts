/** The engine's host on real ONNX Runtime sessions, with a small model of the real networks that nobody trained. */
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { placeOf } from '#diffusion/sampling/inpainting.ts';
import { EngineError } from '#engine/contract/engine-error.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import type { Inpainting } from '#engine/contract/protocol.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { loadPackage, type ModelSource } from '#engine/package/package-loader.ts';
import { PicturebookPainter } from '#engine/picturebook/picturebook.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import type { Runtime } from '#engine/runtime/sessions.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { graph, hosts, settings } from './engine-host.fixture.ts';
import { writeTinyStableDiffusion } from './stable-diffusion.fixture.ts';
import { writeUntrainedPackage } from './untrained-package.fixture.ts';

vi.setConfig({ testTimeout: 60_000 });

let folder: string;
beforeAll(() => {
  folder = writeUntrainedPackage();
});

const start = hosts(() => folder);

describe('the host', () => {
  it('loads and paints: progress, steps, picture, attention, verdicts', async () => {
    const { host, events, load, paint, endOf } = start();
    load();
    paint(2);
    await host.idle();
    const downloads = events.filter((event) => event.type === 'download');
    expect(downloads.at(-1)).toMatchObject({ loaded: downloads.at(-1)!.total });
    expect(endOf(1)).toMatchObject({
      type: 'loaded',
      machine: { backend: 'node-cpu', precision: 'single' },
      manifest: { name: 'untrained' },
    });
    const steps = events.filter((event) => event.type === 'step').map(({ step, steps: all }) => [step, all]);
    expect(steps).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    const end = endOf(2);
    if (end?.type !== 'generated') throw new Error(JSON.stringify(end));
    const { picture, attention, verification, backend, stages, milliseconds } = end.result;
    expect([picture.width, picture.height, picture.pixels.length, backend]).toEqual([64, 64, 64 * 64 * 4, 'node-cpu']);
    const { read, denoise, decode, verify } = stages!;
    for (const part of [read, denoise, decode, verify]) expect(part).toBeGreaterThan(0);
    expect(read + denoise + decode + verify).toBeLessThanOrEqual(milliseconds);
    expect(new Set(picture.pixels).size).toBeGreaterThan(20);
    expect(Object.keys(attention.objects).sort()).toEqual(['o1', 'o2', 'o3']);
    expect(Object.keys(verification.objects).sort()).toEqual(['o1', 'o2', 'o3']);
    expect(Object.keys(verification.relations)).toEqual(['r1']);
  });

  /** Counts what the denoiser and the decoder run. */
  const countingRuntime = (onPass?: () => void) => {
    const runs = { denoised: 0, decoded: 0 };
    const runtime: Runtime = {
      ...nodeRuntime,
      async open(model) {
        const session = await nodeRuntime.open(model);
        const run: typeof session.run = async (...given) => {
          const outputs = await session.run(...given);
          if ('prediction' in outputs && ++runs.denoised) onPass?.();
          if ('image' in outputs) runs.decoded++;
          return outputs;
        };
        return { ...session, run };
      },
    };
    return { runs, runtime };
  };

  it('runs its networks once when it has loaded, so that the first picture finds them compiled, and says nothing of it', async () => {
    const { runs, runtime } = countingRuntime();
    const { host, events, load } = start([async () => runtime]);
    load();
    await host.idle();
    expect(runs).toEqual({ denoised: expect.any(Number), decoded: 1 });
    expect(runs.denoised).toBeGreaterThan(0);
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['download', 'loaded']));
  });

  it('warms nothing up where a picture is wanted already, and stops for one', async () => {
    const { runs, runtime } = countingRuntime();
    const { host, load, paint, endOf, listeners } = start([async () => runtime]);
    load();
    // Three passes without guidance.
    paint(2, { guidanceScale: 1 });
    await host.idle();
    expect([endOf(2)?.type, runs.denoised]).toEqual(['generated', 3]);
    // As soon as the page hears of it.
    listeners.push(({ type }) => type === 'loaded' && queueMicrotask(() => paint(3, { guidanceScale: 1 })));
    load();
    await host.idle();
    expect([endOf(3)?.type, runs.denoised]).toEqual(['generated', 6]);
  });

  it('leaves the rest of its warming up for a picture that is asked for meanwhile', async () => {
    let ask: (() => void) | undefined;
    const { runs, runtime } = countingRuntime(() => {
      ask?.();
      ask = undefined;
    });
    const { host, load, endOf } = start([async () => runtime]);
    // One that fails, and decodes nothing either.
    ask = () => host.receive({ type: 'generate', id: 2, graph, settings: { ...settings, steps: 0 } });
    load();
    await host.idle();
    expect([endOf(2)?.type, runs.decoded]).toEqual(['failed', 0]);
  });

  it('looks at a picture again, and only at one of the model’s own size', async () => {
    const { host, load, paint, endOf } = start();
    host.receive({
      type: 'verify-again',
      id: 9,
      graph,
      picture: { width: 1, height: 1, pixels: new Uint8ClampedArray(4) },
    });
    load();
    paint(2);
    await host.idle();
    const painted = endOf(2);
    if (painted?.type !== 'generated') throw new Error(JSON.stringify(painted));
    const { picture } = painted.result;
    host.receive({ type: 'verify-again', id: 3, graph, picture });
    host.receive({ type: 'verify-again', id: 4, graph, picture: { ...picture, width: 32 } });
    await host.idle();
    const looked = endOf(3);
    if (looked?.type !== 'verified') throw new Error(JSON.stringify(looked));
    expect(Object.keys(looked.verification.objects).sort()).toEqual(['o1', 'o2', 'o3']);
    expect(Object.keys(looked.verification.relations)).toEqual(['r1']);
    expect(endOf(4)).toMatchObject({ type: 'failed', fault: { code: 'settings-invalid' } });
    expect(endOf(9)).toMatchObject({ type: 'failed', fault: { code: 'model-not-found' } });
  });

  it('starts the runtime while the files come, and goes on to the next where it cannot', async () => {
    const started: string[] = [];
    const broken = async () => {
      started.push('broken');
      throw new EngineError('internal', 'There is no such device.');
    };
    const whole = async () => {
      started.push('whole');
      return nodeRuntime;
    };
    const { host, load, endOf } = start([broken, whole], (path) => {
      const { read, ...source } = folderSource(path);
      const readLate: typeof read = async (...file) => {
        await vi.waitFor(() => expect(started).toEqual(['broken', 'whole']));
        return read(...file);
      };
      return { ...source, read: readLate };
    });
    load();
    await host.idle();
    expect(endOf(1)).toMatchObject({
      type: 'loaded',
      notices: [{ text: expect.stringContaining('no such device.'), isLasting: true }],
    });
  });

  it('says what stands in a model’s way, and fetches no weights of one that cannot run here', async () => {
    const opened: string[] = [];
    const sourceIn = (path: string): ModelSource => {
      const source = folderSource(path);
      return {
        ...source,
        // As if nothing of it were here yet.
        stat: async (file) => {
          const facts = await source.stat(file);
          return facts && { ...facts, kept: 0 };
        },
        open: (file, options) => {
          opened.push(file);
          return source.open(file, options);
        },
      };
    };
    const webgpu = { missing: 'this browser has no WebGPU' };
    const device = { webgpu, freeBytes: 1000, memoryBytes: undefined };
    const { host, load, endOf } = start(undefined, sourceIn, device);
    const stable = writeTinyStableDiffusion({ external: 'model.onnx_data' });
    host.receive({ type: 'survey', id: 2, place: { type: 'url', url: `http://localhost${stable}` }, prefer: 'auto' });
    load(stable);
    await host.idle();
    const message = expect.stringMatching(/^The browser has room for 1 kB more, the download takes \d+ kB/);
    const survey = { kept: 0, obstacles: [{ isFinal: true, message }] };
    // Beside the queue.
    await vi.waitFor(() => expect(endOf(2)).toMatchObject({ type: 'surveyed', survey }));
    expect(endOf(1)).toMatchObject({ type: 'failed', fault: { code: 'model-unsupported', message } });
    expect(opened).toContain('unet/model.onnx');
    expect(opened).not.toContain('unet/model.onnx_data');
  });

  it('hands out the drawings of the labels, and says when there is no model or none of them', async () => {
    const { host, load, endOf } = start();
    host.receive({ type: 'read-sprites', id: 2 });
    await vi.waitFor(() => expect(endOf(2)).toMatchObject({ type: 'failed', fault: { code: 'model-not-found' } }));
    load(resolve('public/models/picturebook'));
    await host.idle();
    host.receive({ type: 'read-sprites', id: 3 });
    await vi.waitFor(() => expect(endOf(3)).toMatchObject({ type: 'sprites-read', png: expect.any(Uint8Array) }));
    load();
    await host.idle();
    host.receive({ type: 'read-sprites', id: 4 });
    await vi.waitFor(() => expect(endOf(4)).toEqual({ type: 'sprites-read', id: 4 }));
  });

  it('gives the same bytes for the same seed, others for another, and does not look at ids and positions', async () => {
    const { host, load, paint, endOf } = start();
    const moved = {
      ...graph,
      objects: graph.objects.map((o) => ({ ...o, id: `x${o.id}`, position: { x: 9, y: 8 } })).reverse(),
      relations: graph.relations.map((r) => ({ ...r, subject: `x${r.subject}`, object: `x${r.object}` })),
    };
    load();
    paint(2);
    paint(3);
    paint(4, { seed: 8 });
    paint(5, {}, moved);
    await host.idle();
    const pixels = [2, 3, 4, 5].map((id) => {
      const end = endOf(id);
      return end?.type === 'generated' ? end.result.picture.pixels : undefined;
    });
    expect(pixels[0]).toBeDefined();
    expect(pixels[1]).toEqual(pixels[0]);
    expect(pixels[2]).not.toEqual(pixels[0]);
    expect(pixels[3]).toEqual(pixels[0]);
  });

  it('cancels what runs between two steps and what waits before it starts, and goes on', async () => {
    const { host, events, listeners, load, paint, endOf } = start();
    listeners.push((event) => {
      if (event.type !== 'step' || event.id !== 2 || event.step !== 1) return;
      host.receive({ type: 'cancel', id: 2 });
      host.receive({ type: 'cancel', id: 3 });
      host.receive({ type: 'ping', id: 9 });
    });
    load();
    for (const id of [2, 3, 4]) paint(id, { steps: 20 });
    await host.idle();
    expect([2, 3, 4].map((id) => endOf(id)?.type)).toEqual(['cancelled', 'cancelled', 'generated']);
    expect(events.filter((event) => event.type === 'step' && event.id === 2).length).toBeLessThan(20);
    expect(events.some((event) => event.type === 'step' && event.id === 3)).toBe(false);
    expect(events.findIndex(({ type }) => type === 'alive')).toBeLessThan(
      events.findIndex(({ type }) => type === 'cancelled'),
    );
  });

  it('keeps the rest of an earlier picture, and refuses one that does not fit', async () => {
    const { host, load, paint, endOf } = start();
    load();
    paint(2);
    await host.idle();
    const first = endOf(2);
    if (first?.type !== 'generated') throw new Error(JSON.stringify(first));
    const { latent, attention } = first.result;
    const changed = graphOf(['sheep', 'tree', 'sky', 'cow'], [[3, 'left of', 1]]);
    const before = [attention.objects.o1!, attention.relations.r1!];
    const inpainting: Inpainting = { latent, strength: 0.7, before, objects: ['o4'] };
    paint(3, { seed: 8 }, changed, inpainting);
    paint(4, {}, graph, { ...inpainting, latent: latent.slice(1) });
    paint(5, {}, graph, { ...inpainting, before: [before[0]!.slice(1)] });
    paint(6, {}, graph, { ...inpainting, latent: latent.map((value, i) => (i === 5 ? Number.NaN : value)) });
    paint(7, {}, graph, { ...inpainting, strength: 1.1 });
    await host.idle();

    const modelPackage = await loadPackage(folderSource(folder));
    const painter = await PicturebookPainter.open(modelPackage, nodeRuntime);
    const { channels, height, width } = modelPackage.manifest.latent;
    const region = { before: placeOf(before, height * width), objects: ['o4'] };
    const initial = { latent: { data: latent, dims: [1, channels, height, width] }, strength: 0.7, region };
    const expected = await painter.paint(changed, { ...settings, seed: 8, initial }, {});
    await painter.release();
    expect(endOf(3)).toMatchObject({ type: 'generated', result: { latent: expected.latent.data } });
    // Or the case would show nothing.
    const kept = expected.latent.data.filter((value, i) => value === latent[i]).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(latent.length);
    const messages = [/another model/, /another model/, /damaged/, /strength/];
    for (const [i, message] of messages.entries()) {
      const fault = { code: 'settings-invalid', message: expect.stringMatching(message) };
      expect(endOf(4 + i)).toMatchObject({ type: 'failed', fault });
    }
  });

  it('answers bad graphs and settings with one sentence each, and goes on', async () => {
    const cases: readonly (readonly [string, RegExp, SceneGraph, Partial<GenerationSettings>])[] = [
      ['graph-invalid', /no object/i, graphOf([], []), {}],
      ['graph-invalid', /“blorptious”/, graphOf(['blorptious'], []), {}],
      ['graph-invalid', /“married to”/, graphOf(['sheep', 'tree'], [[0, 'married to', 1]]), {}],
      ['graph-invalid', /at most 30/, graphOf(new Array<string>(31).fill('sheep'), []), {}],
      ['settings-invalid', /Steps/, graph, { steps: 0 }],
      ['settings-invalid', /seed/, graph, { seed: -1 }],
      ['settings-invalid', /Guidance/, graph, { guidanceScale: Number.NaN }],
      ['settings-invalid', /relations/, graph, { relationFactor: 0.5 }],
      ['settings-invalid', /style “cubist”/, graph, { style: 'cubist' }],
    ];
    const { host, load, paint, endOf } = start();
    load();
    for (const [i, [, , bad, change]] of cases.entries()) paint(2 + i, change, bad);
    paint(100);
    await host.idle();
    for (const [i, [code, message]] of cases.entries()) {
      expect(endOf(2 + i)).toMatchObject({ type: 'failed', fault: { code, message: expect.stringMatching(message) } });
    }
    expect(endOf(100)?.type).toBe('generated');
  });

  it('says so when there is no model', async () => {
    const { host, load, paint, endOf } = start();
    load('/no/such/folder');
    paint(2);
    await host.idle();
    expect(endOf(1)).toMatchObject({ type: 'failed', fault: { code: 'model-not-found' } });
    expect(endOf(2)).toMatchObject({
      type: 'failed',
      fault: { code: 'model-not-found', message: 'No model is loaded yet.' },
    });
  });
});
