/**
 * Painting over a picture, beside plain formulas. vae-encoders.fixture holds VAE encoders of random weights as real exporters write them, 8 pixels to
 * a number of the latent: optimum-2.1.onnx gives mean and logarithm of variance, diffusers-2023.onnx a latent that it draws.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { loadAnyPackage } from '#engine/any-package.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import type { Picture } from '#engine/contract/protocol.ts';
import { Engine } from '#engine/engine.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { withoutDraws } from '#engine/runtime/onnx-draws.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import type { Feeds, Fetches, Runtime } from '#engine/runtime/sessions.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { type TinyPackageOptions, writeTinyStableDiffusion } from './stable-diffusion.fixture.ts';
import { writeUntrainedPackage } from './untrained-package.fixture.ts';

vi.setConfig({ testTimeout: 60_000 });

const graph = graphOf(['sheep', 'tree'], [[0, 'left of', 1]]);
const settings: GenerationSettings = { seed: 7, steps: 4, guidanceScale: 1, sampler: 'ddim', style: 'any' };
const encoderOf = (exporter: string): Uint8Array =>
  readFileSync(join(import.meta.dirname, 'vae-encoders.fixture', `${exporter}.onnx`));
const optimum: TinyPackageOptions = { change: { 'vae_encoder/model.onnx': encoderOf('optimum-2.1') } };

/** A field, a house and a sun, of any size. */
function drawing(side: number): Picture {
  const pixels = new Uint8ClampedArray(side * side * 4);
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [(i % side) / side, Math.floor(i / side) / side];
    const isSun = Math.hypot(x - 0.8, y - 0.2) < 0.12;
    const colour = isSun ? [250, 220, 40] : y < 0.6 ? [120, 170, 240] : [60, 150 + 60 * x, 40];
    pixels.set([...colour, 255], i * 4);
  }
  return { width: side, height: side, pixels };
}

interface Call {
  readonly feeds: Feeds;
  readonly outputs: Fetches;
}

/** Remembers what the networks were told and what they said, by an input that only they have. */
function overheard(): { readonly runtime: Runtime; callsOf(input: string): readonly Call[] } {
  const calls: Call[] = [];
  const runtime: Runtime = {
    backend: 'node-cpu',
    async open(model) {
      const session = await nodeRuntime.open(model);
      return {
        ...session,
        async run(feeds, wanted) {
          const outputs = await session.run(feeds, wanted);
          calls.push({ feeds, outputs });
          return outputs;
        },
      };
    },
  };
  return { runtime, callsOf: (input) => calls.filter(({ feeds }) => input in feeds) };
}

async function open(options: TinyPackageOptions = {}, runtime: Runtime = nodeRuntime): Promise<Engine> {
  const source = folderSource(writeTinyStableDiffusion(options));
  return Engine.open(await loadAnyPackage(source, { title: 'Tiny/SD', over: true }), runtime);
}

const closeTo = (value: ArrayLike<number>, wanted: ArrayLike<number>) => {
  expect(value.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(value[i]).toBeCloseTo(wanted[i]!, 4);
};

/** ᾱ of Stable Diffusion's "scaled_linear" schedule. */
function signalAt(timestep: number): number {
  const [start, end] = [Math.sqrt(0.00085), Math.sqrt(0.012)];
  let product = 1;
  for (let t = 0; t <= timestep; t++) product *= 1 - (start + ((end - start) * t) / 999) ** 2;
  return product;
}

describe('painting over a picture', () => {
  it('encodes, noises and denoises by the formulas: the latent’s mean, q(x_t | x_0), DDIM’s first step', async () => {
    const { runtime, callsOf } = overheard();
    const engine = await open(optimum, runtime);
    const picture = drawing(64);
    const steps: number[] = [];
    await engine.generate(graph, settings, {
      over: { picture, strength: 0.6 },
      onStep: async (done, all) => void steps.push(done, all),
    });
    // ⌊4 · 0.6⌋ = 2 of the steps 751, 501, 251 and 1.
    expect(steps).toEqual([1, 2, 2, 2]);
    const [first, second, ...more] = callsOf('encoder_hidden_states');
    expect(more).toEqual([]);
    expect([first, second].map((call) => call!.feeds.timestep!.data[0])).toEqual([251, 1]);

    const area = 64 * 64;
    const planes = Float32Array.from({ length: 3 * area }, (_, i) => {
      const [channel, pixel] = [Math.floor(i / area), i % area];
      return (2 * picture.pixels[pixel * 4 + channel]!) / 255 - 1;
    });
    const encoder = await nodeRuntime.open(encoderOf('optimum-2.1'));
    const { latent_parameters } = await encoder.run({ sample: { data: planes, dims: [1, 3, 64, 64] } });
    await encoder.release();
    expect(latent_parameters!.dims).toEqual([1, 8, 8, 8]);
    const clean = latent_parameters!.data.slice(0, 4 * 64).map((mean) => 0.18215 * mean);
    expect(Math.max(...clean)).toBeGreaterThan(0.01);
    const noise = seededNoise(settings.seed).normals(clean.length);
    const [at, next] = [signalAt(251), signalAt(1)];
    const noisy = clean.map((value, i) => Math.sqrt(at) * value + Math.sqrt(1 - at) * noise[i]!);
    closeTo(first!.feeds.sample!.data, noisy);

    const epsilon = first!.outputs.out_sample!.data;
    const stepped = noisy.map((value, i) => {
      const predicted = (value - Math.sqrt(1 - at) * epsilon[i]!) / Math.sqrt(at);
      // diffusers' DDIM clips what it predicts, unless its file says otherwise.
      return Math.sqrt(next) * Math.max(-1, Math.min(1, predicted)) + Math.sqrt(1 - next) * epsilon[i]!;
    });
    closeTo(second!.feeds.sample!.data, stepped);
    await engine.release();
  });

  it('is the same for the same seed, and nearer to the picture the weaker it is', async () => {
    const engine = await open(optimum);
    const paint = (change: Partial<GenerationSettings>, strength: number, picture = drawing(64)) =>
      engine.generate(graph, { ...settings, ...change }, { over: { picture, strength } });
    const base = await paint({}, 0.5);
    expect((await paint({}, 0.5)).picture).toEqual(base.picture);
    expect((await paint({ seed: 8 }, 0.5)).picture).not.toEqual(base.picture);
    // Drawn at another size it is the same drawing.
    const larger = await paint({}, 0.5, drawing(128));
    const apart = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0);
    expect(apart(larger.latent, base.latent)).toBeLessThan(apart((await paint({}, 1)).latent, base.latent) / 4);
    await engine.release();
  });

  it('takes batches of two, half precision and a latent that was exported in place of its moments', async () => {
    const picture = drawing(32);
    for (const options of [{ rows: 2 }, { precision: 'float16' }, { moments: true }] as const) {
      const [engine, plain] = [await open(options), await open()];
      const over = { picture, strength: 0.5 };
      const [{ latent }, expected] = [
        await engine.generate(graph, settings, { over }),
        await plain.generate(graph, settings, { over }),
      ];
      const most = latent.reduce((top, value, i) => Math.max(top, Math.abs(value - expected.latent[i]!)), 0);
      expect(most).toBeLessThan('precision' in options ? 0.05 : 1e-4);
      await Promise.all([engine.release(), plain.release()]);
    }
  });

  it('takes the mean of an encoder that draws its latent: the same each time, and that of the same weights which give moments', async () => {
    const over = { picture: drawing(64), strength: 1 };
    const latents: Float32Array[] = [];
    for (const exporter of ['diffusers-2023', 'diffusers-2023', 'optimum-2.1']) {
      const { runtime, callsOf } = overheard();
      const engine = await open({ change: { 'vae_encoder/model.onnx': encoderOf(exporter) } }, runtime);
      for (let again = 0; again < 2; again++) await engine.generate(graph, { ...settings, steps: 1 }, { over });
      const encodings = callsOf('sample').filter(({ feeds }) => !('timestep' in feeds));
      for (const { outputs } of encodings) latents.push(Object.values(outputs)[0]!.data.slice(0, 4 * 64));
      await engine.release();
    }
    const [first, ...others] = latents;
    expect(others.length).toBe(5);
    for (const other of others.slice(0, 3)) expect(other).toEqual(first);
    closeTo(others[3]!, first!);
  });

  it('tells an encoder that is cut anywhere, and never waits for the rest of it', () => {
    const whole = encoderOf('diffusers-2023');
    for (const at of [1, 200, whole.length >> 1, whole.length - 1]) {
      expect(() => withoutDraws(whole.subarray(0, at)), String(at)).toThrow(
        /VAE encoder is damaged: it ends in the middle/,
      );
    }
  });

  it('refuses what cannot be, each in one sentence', async () => {
    const engine = await open();
    const picture = drawing(64);
    const wrong = (change: Partial<GenerationSettings>, strength: number, of = picture) =>
      expect(engine.generate(graph, { ...settings, ...change }, { over: { picture: of, strength } })).rejects;
    for (const strength of [0, -1, 1.01, Number.NaN]) {
      await wrong({}, strength).toThrow(`must be a number above 0 and at most 1, not ${strength}`);
    }
    await wrong({}, 0.2).toThrow('Of 4 steps a strength of 0.2 runs none: take at least 0.25, or more steps.');
    await wrong({}, 0.5, { ...picture, width: 63 }).toThrow('damaged');
    await engine.release();

    const bare = folderSource(writeTinyStableDiffusion({ change: { 'vae_encoder/model.onnx': undefined } }));
    await expect(loadAnyPackage(bare, { title: 'Bare/SD', over: true })).rejects.toThrow(
      '“Bare/SD” has no vae_encoder/model.onnx',
    );
    const drawer = folderSource(writeUntrainedPackage());
    await expect(loadAnyPackage(drawer, { title: 'Drawer', over: true })).rejects.toThrow('“Drawer” paints graphs');
    const without = await Engine.open(await loadAnyPackage(bare, { title: 'Bare/SD' }), nodeRuntime);
    await expect(without.generate(graph, settings, { over: { picture, strength: 1 } })).rejects.toThrow('VAE encoder');
    await without.release();
  });
});
