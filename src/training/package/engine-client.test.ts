/** The page's side of the engine against a real host; only the thread between them is replaced, by one that can be killed. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { EngineClient } from '#engine/client/engine-client.ts';
import type { WorkerLike } from '#engine/client/start-worker.ts';
import { type EngineSnapshot, NOT_LOADED } from '#engine/client/status.ts';
import type { Patience } from '#engine/client/watchdog.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import type { EngineEvent } from '#engine/contract/protocol.ts';
import { EngineHost } from '#engine/host/engine-host.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { writeTinyStableDiffusion } from './stable-diffusion.fixture.ts';
import { writeUntrainedPackage } from './untrained-package.fixture.ts';

vi.setConfig({ testTimeout: 60_000 });

let modelUrl: string;
beforeAll(() => {
  modelUrl = `http://localhost${writeUntrainedPackage()}/`;
});

const graph = graphOf(['sheep', 'tree'], [[0, 'left of', 1]]);
const settings: GenerationSettings = { seed: 7, steps: 4, guidanceScale: 2, sampler: 'euler', style: 'any' };

/** A worker that shares this thread: messages are copied, as between threads. */
class LocalWorker extends EventTarget implements WorkerLike {
  #alive = true;
  #muted: EngineEvent[] | undefined;
  readonly #host = new EngineHost({
    emit: (event) => this.#deliver(event),
    sourceOf: (place) => folderSource(place.type === 'url' ? new URL(place.url).pathname : ''),
    runtimesFor: () => [async () => nodeRuntime],
  });

  postMessage(message: unknown): void {
    const copy = structuredClone(message) as Parameters<EngineHost['receive']>[0];
    queueMicrotask(() => this.#alive && this.#host.receive(copy));
  }

  terminate(): void {
    this.#alive = false;
  }

  crash(): void {
    this.#alive = false;
    this.dispatchEvent(Object.assign(new Event('error'), { message: 'Uncaught RangeError: out of memory' }));
  }

  /** Says nothing for a while, as in the middle of a step. */
  mute(ms: number): void {
    this.#muted = [];
    setTimeout(() => {
      const kept = this.#muted ?? [];
      this.#muted = undefined;
      for (const event of kept) this.#deliver(event);
    }, ms);
  }

  #deliver(event: EngineEvent): void {
    if (this.#muted) this.#muted.push(event);
    else if (this.#alive) this.dispatchEvent(new MessageEvent('message', { data: structuredClone(event) }));
  }
}

function open(patience?: Patience) {
  const workers: LocalWorker[] = [];
  const client = new EngineClient(() => {
    workers.push(new LocalWorker());
    return workers.at(-1)!;
  }, patience);
  const types: string[] = [];
  client.subscribe(() => {
    const { type } = client.getSnapshot().status;
    if (types.at(-1) !== type) types.push(type);
  });
  return { client, workers, types };
}

const until = (client: EngineClient, holds: (snapshot: EngineSnapshot) => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      if (!holds(client.getSnapshot())) return;
      stop();
      resolve();
    };
    const stop = client.subscribe(look);
    look();
  });

describe('the client', () => {
  it('asks what the model makes of words, also while it paints, and is ready afterwards', async () => {
    const { client } = open();
    await client.load(modelUrl);
    const painting = client.generate(graph, settings);
    expect(await client.readWords(['lamb', 'sheep', 'xqzzt'])).toEqual([
      { word: 'lamb', by: 'alias', label: 'sheep' },
      { word: 'sheep', by: 'label', label: 'sheep' },
      { word: 'xqzzt', by: 'unknown' },
    ]);
    await painting;
    expect(client.getSnapshot().status.type).toBe('ready');
  });

  it('cannot say what words mean before a model is loaded', async () => {
    await expect(open().client.readWords(['lamb'])).rejects.toMatchObject({ code: 'model-not-found' });
  });

  it('loads a second model to paint over the pictures of the first, which goes on painting, and loses it with its worker', async () => {
    const { client, workers } = open();
    await client.load(modelUrl);
    const { picture } = await client.generate(graph, settings);
    const place = (folder: string) => ({ type: 'url', url: `http://localhost${folder}/` }) as const;
    const bare = writeTinyStableDiffusion({ change: { 'vae_encoder/model.onnx': undefined } });
    await expect(client.survey(place(bare), 'auto', { over: true })).rejects.toThrow('vae_encoder');
    await expect(client.loadOver(place(bare))).rejects.toThrow('vae_encoder');
    await expect(client.paintOver(graph, settings, { picture, strength: 1 })).rejects.toMatchObject({
      code: 'model-not-found',
    });
    const whole = place(writeTinyStableDiffusion());
    const [more, less] = [await client.survey(whole, 'auto', { over: true }), await client.survey(whole)];
    expect(more.bytes).toBeGreaterThan(less.bytes);
    const loaded: number[] = [];
    await client.loadOver(whole, 'auto', { onDownload: (bytes, total) => loaded.push(bytes / total) });
    expect(loaded.at(-1)).toBe(1);
    expect(client.getSnapshot()).toMatchObject({
      status: { type: 'ready', manifest: { kind: 'picturebook' } },
      over: { kind: 'stable-diffusion' },
    });
    const seen: number[] = [];
    const onStep = (step: number) => seen.push(step);
    const over = await client.paintOver(graph, settings, { picture, strength: 0.5 }, { onStep });
    expect(seen).toEqual([1, 2]);
    expect([over.picture.width, over.account?.prompts]).toEqual([64, ['a sheep, a tree, sheep left of tree']]);
    expect((await client.generate(graph, settings)).picture).toEqual(picture);
    workers[0]!.crash();
    expect(client.getSnapshot().over).toBeNull();
  });

  it('loads, paints and says what it is doing', async () => {
    const { client, types } = open();
    expect(client.getSnapshot()).toEqual(NOT_LOADED);
    expect((await client.load(modelUrl)).name).toBe('untrained');
    expect(client.getSnapshot()).toMatchObject({
      status: { type: 'ready', machine: { backend: 'node-cpu' } },
      notices: [],
    });
    const seen: number[] = [];
    const { picture } = await client.generate(graph, settings, { onStep: (step) => seen.push(step) });
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(picture.pixels.length).toBe(64 * 64 * 4);
    expect(types).toEqual(['loading', 'ready']);
    expect(client.getSnapshot()).toBe(client.getSnapshot());
  });

  it('passes faults on and is ready again', async () => {
    const { client } = open();
    await expect(client.load('http://localhost/no/such/model/')).rejects.toMatchObject({ code: 'model-not-found' });
    expect(client.getSnapshot()).toMatchObject({ status: { type: 'failed', fault: { code: 'model-not-found' } } });
    await client.load(modelUrl);
    await expect(client.generate(graphOf([], []), settings)).rejects.toMatchObject({ code: 'graph-invalid' });
    expect(client.getSnapshot().status.type).toBe('ready');
  });

  it('comes back to the model before when another one cannot be had, also while it paints', async () => {
    const { client } = open();
    await client.load(modelUrl);
    const painting = client.generate(graph, settings);
    await expect(client.load('http://localhost/no/such/model/')).rejects.toMatchObject({ code: 'model-not-found' });
    expect((await painting).picture.width).toBe(64);
    expect(client.getSnapshot()).toMatchObject({ status: { type: 'ready' } });
  });

  it('cancels with the reason of the signal, and the next picture is painted', async () => {
    const { client } = open();
    await client.load(modelUrl);
    const abort = new AbortController();
    const reason = new Error('changed my mind');
    const onStep = () => abort.abort(reason);
    await expect(client.generate(graph, { ...settings, steps: 50 }, { signal: abort.signal, onStep })).rejects.toBe(
      reason,
    );
    await expect(client.generate(graph, settings, { signal: abort.signal })).rejects.toBe(reason);
    expect((await client.generate(graph, settings)).backend).toBe('node-cpu');
  });

  it('starts a crashed worker again, loads the model again, tells the user and paints', async () => {
    const { client, workers } = open();
    await client.load(modelUrl);
    const painting = client.generate(graph, settings, { onStep: (step) => step === 1 && workers[0]!.crash() });
    await expect(painting).rejects.toMatchObject({
      code: 'worker-died',
      message: expect.stringMatching(/graph is kept/),
    });
    await until(client, ({ status }) => status.type === 'ready');
    expect(workers.length).toBe(2);
    expect(client.getSnapshot().notices).toEqual([
      { text: expect.stringMatching(/stopped unexpectedly and was started again/), isLasting: false },
    ]);
    expect((await client.generate(graph, settings)).picture.width).toBe(64);
  });

  it('notices a worker that died in silence before it paints, and paints all the same', async () => {
    const { client, workers } = open({ answer: 200, silence: 60_000, first: 60_000 });
    await client.load(modelUrl);
    workers[0]!.terminate();
    expect((await client.generate(graph, settings)).picture.width).toBe(64);
    expect(workers.length).toBe(2);
    expect(client.getSnapshot().notices).toEqual([{ text: expect.stringMatching(/started again/), isLasting: false }]);
  });

  it('notices a worker that dies in silence while it paints, from its own pace', async () => {
    const { client, workers } = open({ answer: 60_000, silence: 400, first: 60_000 });
    await client.load(modelUrl);
    const onStep = (step: number) => step === 3 && workers[0]!.terminate();
    await expect(client.generate(graph, settings, { onStep })).rejects.toMatchObject({ code: 'worker-died' });
    await until(client, ({ status }) => status.type === 'ready');
    expect(client.getSnapshot().notices).toEqual([{ text: expect.stringMatching(/started again/), isLasting: false }]);
    expect((await client.generate(graph, settings)).picture.width).toBe(64);
  });

  it('cancels a picture of a worker that does not answer, and paints the next one with another worker', async () => {
    const { client, workers } = open({ answer: 200, silence: 60_000, first: 60_000 });
    await client.load(modelUrl);
    const abort = new AbortController();
    const reason = new Error('changed my mind');
    const onStep = () => {
      workers[0]!.terminate();
      abort.abort(reason);
    };
    await expect(client.generate(graph, settings, { signal: abort.signal, onStep })).rejects.toBe(reason);
    expect((await client.generate(graph, settings)).picture.width).toBe(64);
    expect(workers.length).toBe(2);
    expect(client.getSnapshot().notices).toEqual([
      { text: expect.stringMatching(/did not hear Cancel/), isLasting: false },
    ]);
  });

  it('gives up no work of a silent worker for what waits behind it', async () => {
    const { client, workers } = open({ answer: 200, silence: 60_000, first: 60_000 });
    await client.load(modelUrl);
    const abort = new AbortController();
    let behind: Promise<unknown> | undefined;
    const onStep = (step: number) => {
      if (step !== 1) return;
      behind = client.generate(graph, settings, { signal: abort.signal });
      behind.catch(() => undefined);
      // Longer than it is given to hear a Cancel: a step of a large model.
      workers[0]!.mute(800);
      // At once: a fast machine has painted both within 50 ms.
      abort.abort(new Error('changed my mind'));
    };
    const painting = client.generate(graph, settings, { onStep });
    expect((await painting).picture.width).toBe(64);
    await expect(behind).rejects.toThrow('changed my mind');
    expect(workers.length).toBe(1);
  });

  it('gives up on a worker that dies again and again', async () => {
    const { client, workers } = open();
    await client.load(modelUrl);
    for (let death = 0; death < 4; death++) workers.at(-1)!.crash();
    expect(client.getSnapshot()).toMatchObject({
      status: { type: 'failed', fault: { code: 'worker-died', message: expect.stringMatching(/keeps stopping/) } },
    });
    await new Promise((resolve) => setTimeout(resolve, 50)); // the loads that were given up must not change that
    expect(client.getSnapshot().status.type).toBe('failed');
  });
});
