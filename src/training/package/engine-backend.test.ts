/** Which backend paints: the trial of a graphics device, and the way down from one that fails. Real sessions, behind a device that is played. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { EngineError } from '#engine/contract/engine-error.ts';
import type { BackendWish, Trial } from '#engine/contract/protocol.ts';
import type { TrialMemory } from '#engine/host/trial.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import type { Runtime } from '#engine/runtime/sessions.ts';
import { hosts } from './engine-host.fixture.ts';
import { writeUntrainedPackage } from './untrained-package.fixture.ts';

vi.setConfig({ testTimeout: 60_000 });

let folder: string;
beforeAll(() => {
  folder = writeUntrainedPackage();
});

const start = hosts(() => folder);

/** A device whose arithmetic overflows in the denoiser from the given call on, as half precision does on some GPUs. */
function overflowingRuntime(goodCalls: number): Runtime {
  let calls = 0;
  return {
    backend: 'webgpu',
    async open(model) {
      const session = await nodeRuntime.open(model);
      return {
        ...session,
        async run(feeds) {
          const outputs = await session.run(feeds);
          const { prediction } = outputs;
          if (!prediction || calls++ < goodCalls) return outputs;
          return { ...outputs, prediction: { ...prediction, data: prediction.data.map(() => Number.NaN) } };
        },
      };
    },
  };
}

/** A graphics device, played by the processor: slow, or wrong by a factor. */
function graphicsDevice({ factor = 1, delayMs = 0 } = {}): Runtime {
  return {
    backend: 'webgpu',
    adapter: 'test device',
    async open(model) {
      const session = await nodeRuntime.open(model);
      return {
        ...session,
        async run(feeds, wanted) {
          const outputs = await session.run(feeds, wanted);
          await new Promise((resolve) => setTimeout(resolve, delayMs));
          const { prediction } = outputs;
          if (!prediction) return outputs;
          return { ...outputs, prediction: { ...prediction, data: prediction.data.map((x) => factor * x) } };
        },
      };
    },
  };
}

describe('the trial of a graphics device', () => {
  const held = async (webgpu: Runtime, prefer: BackendWish = 'auto', known?: Trial) => {
    const kept: Trial[] = [];
    const recall = vi.fn(async () => known ?? kept[0]);
    const memory: TrialMemory = { recall, keep: async (_, trial) => void kept.push(trial) };
    const opened: string[] = [];
    const watched = (runtime: Runtime) => async () => {
      opened.push(runtime.backend);
      return runtime;
    };
    const { host, load, endOf } = start([watched(webgpu), watched(nodeRuntime)], folderSource, undefined, memory);
    load(folder, prefer);
    await host.idle();
    const end = endOf(1);
    if (end?.type !== 'loaded') throw new Error(JSON.stringify(end));
    return { ...end, kept, opened };
  };
  const slow = graphicsDevice({ delayMs: 300 });

  it('lets the faster one paint, and remembers both times', async () => {
    const { machine, notices, kept } = await held(slow);
    expect(machine).toMatchObject({ backend: 'node-cpu', trial: kept[0] });
    expect(kept[0]!.webgpu).toBeGreaterThan(Math.max(250, kept[0]!.processor));
    expect(notices).toEqual([]);
    const fast = await held(slow, 'auto', { webgpu: 10, processor: 20 });
    expect(fast).toMatchObject({ machine: { backend: 'webgpu' }, kept: [] });
  });

  it('holds no second trial of the same device and model, and does not start what lost', async () => {
    const { machine, opened, kept } = await held(slow, 'auto', { webgpu: 30, processor: 20 });
    expect(machine.backend).toBe('node-cpu');
    expect([opened, kept]).toEqual([['webgpu', 'node-cpu'], []]);
  });

  it('leaves a slow one to who asked for it', async () => {
    expect((await held(slow, 'webgpu')).machine.backend).toBe('webgpu');
  });

  it('takes none that gives other numbers, or some that are not finite, and says so', async () => {
    for (const [factor, words] of [
      [1.02, 'other numbers'],
      [Number.NaN, 'not finite'],
    ] as const) {
      const { machine, notices, kept } = await held(graphicsDevice({ factor }), 'webgpu');
      expect(machine.backend).toBe('node-cpu');
      const said = [{ text: expect.stringMatching(`${words}.* Painting with the processor instead`), isLasting: true }];
      expect(notices).toEqual(said);
      const again = await held(graphicsDevice({ factor }), 'webgpu', kept[0]);
      expect([again.machine.backend, again.notices]).toEqual(['node-cpu', said]);
    }
    expect((await held(graphicsDevice({ factor: 1.001 }), 'webgpu')).machine.backend).toBe('webgpu');
  });
});

describe('falling back', () => {
  const noDevice = () => Promise.reject(new EngineError('internal', 'WebGPU is not available in this browser.'));

  it('takes the next runtime when one cannot start, and says why', async () => {
    const { host, load, paint, endOf } = start([noDevice, async () => nodeRuntime]);
    load();
    paint(2);
    await host.idle();
    expect(endOf(1)).toMatchObject({
      type: 'loaded',
      machine: { backend: 'node-cpu' },
      notices: [
        {
          text: 'WebGPU is not available in this browser. Painting with the processor instead.',
          isLasting: true,
        },
      ],
    });
    expect(endOf(2)?.type).toBe('generated');
  });

  it('fails when none can', async () => {
    const { host, load, endOf } = start([noDevice]);
    load();
    await host.idle();
    expect(endOf(1)).toMatchObject({ type: 'failed', fault: { message: expect.stringMatching(/not available/) } });
  });

  it('paints again on the next runtime when latents are not finite, and stays there', async () => {
    const { host, events, load, paint, endOf } = start([async () => overflowingRuntime(4), async () => nodeRuntime]);
    load(folder, 'webgpu');
    paint(2);
    paint(3);
    await host.idle();
    expect(endOf(1)).toMatchObject({ type: 'loaded', machine: { backend: 'webgpu' } });
    const switches = events.filter(({ type }) => type === 'machine');
    expect(switches).toEqual([
      {
        type: 'machine',
        id: 2,
        machine: expect.objectContaining({ backend: 'node-cpu' }),
        notice: expect.stringMatching(/^WebGPU failed: .*not finite.* from here on\.$/),
      },
    ]);
    const pictures = [2, 3].map((id) => endOf(id)).map((end) => end?.type === 'generated' && end.result);
    expect(pictures[0]).toMatchObject({ backend: 'node-cpu' });
    expect(pictures[1]).toMatchObject({ picture: (pictures[0] as { picture: unknown }).picture });
  });

  it('reports numbers that are not finite when nothing is left to fall back to', async () => {
    const { host, load, paint, endOf } = start([async () => overflowingRuntime(0)]);
    load();
    paint(2);
    await host.idle();
    expect(endOf(2)).toMatchObject({ type: 'failed', fault: { code: 'non-finite' } });
  });
});
