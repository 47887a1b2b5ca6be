/** The whole road in miniature: a Stable Diffusion, a Visual Genome and a CLIP in, a package that reads graphs and its scores out. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { loadAnyPackage, notesOf } from '#engine/any-package.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import { Engine } from '#engine/engine.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { withWeights } from '#onnx/file/with-weights.ts';
import { runImport } from '#training/commands/import-command.ts';
import { lockFolder } from '#training/files/folder-lock.ts';
import { writeMiniatureVisualGenome } from '#training/import/visual-genome/visual-genome.fixture.ts';
import { writeTinyStableDiffusion } from '#training/package/stable-diffusion.fixture.ts';
import { initializeParameters } from '#training/trainer/training-step.ts';
import { openBaseModel } from './base-model.ts';
import { openClipTower } from './clip/clip-tower.ts';
import { computeFeatures } from './features.ts';
import { buildFinetuneGraph, updateName } from './finetune-step.ts';
import { finite } from './finite.ts';
import { BaseModelError } from './input-error.ts';
import { adapterModel, exportPackage, movedWeights } from './package.ts';
import type { RoadOptions } from './road-options.ts';
import { runStages } from './stages.ts';
import { baseTrials, runBaseTrials } from './trials.ts';
import { openWorkshop, quiet, training } from './workshop.fixture.ts';

vi.setConfig({ testTimeout: 180_000 });

const shop = openWorkshop();
const clip = join(import.meta.dirname, 'golden/clip.onnx');
const graph = graphOf(['sheep', 'tree', 'tree'], [[0, 'left of', 1]]);
const settings: GenerationSettings = { seed: 7, steps: 2, guidanceScale: 5, sampler: 'euler', style: 'any' };

const roadTo = (out: string, say: RoadOptions['say'] = () => undefined): RoadOptions => ({
  ...training,
  train: 'low-rank',
  fusion: 'full',
  gan: true,
  batch: 2,
  accumulate: 2,
  learningRate: 1e-2,
  seed: 3,
  device: 'cpu',
  base: shop.tiny,
  data: shop.data,
  clip,
  out,
  minutes: 0.1,
  pictures: 4,
  samples: 3,
  say,
});

async function paint(from: string, of = graph) {
  const engine = await Engine.open(await loadAnyPackage(folderSource(from), { title: 'Tiny' }), nodeRuntime);
  const { picture } = await engine.generate(of, settings);
  const notes = notesOf(engine.manifest).join();
  await engine.release();
  return { pixels: picture.pixels, notes };
}

describe('the package', () => {
  it('with an untrained adapter paints nearly what it painted before', async () => {
    const built = await buildFinetuneGraph(shop.model, shop.set, training);
    const parameters = initializeParameters(built.g, 1, new Map(built.weights));
    const to = join(shop.folder, 'untrained');
    const adapter = { model: adapterModel(built.adapter, shop.set.width, parameters), config: built.adapter };
    exportPackage({ from: shop.tiny, to, adapter, unet: movedWeights(built, parameters) });
    const [before, after] = [await paint(shop.tiny), await paint(to)];
    const squares = before.pixels.reduce((sum, value, i) => sum + (value - after.pixels[i]!) ** 2, 0);
    expect(10 * Math.log10(255 ** 2 / (squares / before.pixels.length))).toBeGreaterThan(30);
    expect(before.notes).toMatch(/no graph adapter/);
    expect(after.notes).toMatch(/through its graph adapter/);
    await exportPackage({ from: shop.tiny, to, adapter, unet: new Map() });
    expect(readdirSync(shop.folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('is trained, goes on after a stop, and listens to its edges', async () => {
    const out = join(shop.folder, 'trained');
    const said: string[] = [];
    const options = roadTo(out, (line) => said.push(line));
    // What is used last is looked at first.
    await expect(runStages('all', { ...options, lpips: import.meta.filename })).rejects.toThrow(
      `${import.meta.filename} cannot be opened as an ONNX model`,
    );
    expect(said).toEqual([]);
    await runStages('all', options);
    expect(said.join('\n')).toMatch(
      /── features\n\d+ pictures.*── graph-encoder\nG_global of \d+ graphs: cosine .* to its own picture, .* to others\nR@1 .*── finetune.*── package\n.*graph adapter is in.*── evaluate.*── report/s,
    );
    const scores = JSON.parse(readFileSync(join(out, 'evaluation.json'), 'utf8'));
    expect(scores).toMatchObject({ run: { graphs: 3 }, clipCosine: { n: 3, ceiling: 1 }, turnedMoves: { floor: 0 } });
    expect(scores.turnedMoves.value).toBeGreaterThan(0);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toMatch(/graph-encoder.*finetune.*clipCosine/s);

    const once = await paint(out);
    expect(once.pixels).not.toEqual((await paint(shop.tiny)).pixels);
    // The same words, but once one tree is meant and once two: only the adapter can tell.
    const [one, two] = [1, 2].map((tree) =>
      graphOf(
        ['sheep', 'tree', 'tree', 'sheep'],
        [
          [0, 'left of', 1],
          [tree, 'left of', 3],
        ],
      ),
    );
    expect((await paint(shop.tiny, one)).pixels).toEqual((await paint(shop.tiny, two)).pixels);
    expect((await paint(out, one)).pixels).not.toEqual((await paint(out, two)).pixels);

    // Nothing is left to train: the same package.
    await runStages('all', options);
    expect((await paint(out)).pixels).toEqual(once.pixels);
    await runStages('finetune', { ...options, minutes: 0.15 });
    await runStages('package', options);
    expect((await paint(out)).pixels).not.toEqual(once.pixels);
    const other = join(shop.folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'letter.txt'), 'Dear');
    for (const target of [shop.tiny, join(shop.tiny, 'inside'), other, join(other, 'letter.txt')]) {
      await expect(runStages('all', { ...options, out: target })).rejects.toThrow(/folder with --out/);
    }
    expect(readFileSync(join(other, 'letter.txt'), 'utf8')).toBe('Dear');
  });

  it('is compared with what one change makes of it, in trials that share features and encoders and are not run twice', async () => {
    vi.stubEnv('SGRAFFITO_CACHE', join(shop.folder, 'trials-cache'));
    const out = join(shop.folder, 'trials');
    const said: string[] = [];
    const options: RoadOptions = {
      ...training,
      ...{ fusion: 'full', gan: true, batch: 2, learningRate: 1e-3, seed: 3, device: 'cpu' },
      ...{ base: shop.tiny, data: shop.data, clip, out, minutes: 0, pictures: 4, samples: 2 },
      say: (line) => said.push(line),
    };
    const some = baseTrials.filter(({ name }) => ['full', 'labels', 'interleaved', 'recon'].includes(name));
    await expect(runBaseTrials({ ...options, classes: 'names.txt' }, some)).rejects.toThrow(
      'give that with --detector',
    );
    expect(existsSync(out)).toBe(false);
    await runBaseTrials(options, some);
    const table = () => JSON.parse(readFileSync(join(out, 'trials.json'), 'utf8'));
    const results = table();
    expect(results.map(({ name }: { name: string }) => name)).toEqual(['full', 'labels', 'interleaved', 'recon']);
    for (const { scores } of results) expect(scores).toMatchObject({ clipCosine: { n: 2 }, turnedMoves: { n: 2 } });
    // Told the labels alone, nobody hears that an edge was turned.
    expect(results[1].scores.turnedMoves.value).toBe(0);
    expect(results[0].scores.turnedMoves.value).toBeGreaterThan(0);
    expect(said.at(-1)).toMatch(/turned edge moves.*CLIP cosine.*\nreal pictures.*\nfull fusion.*\nlabels alone/);
    expect(readFileSync(join(out, 'trials.html'), 'utf8')).toContain('L_recon alone (λ = 1)');

    const [cached] = readdirSync(join(shop.folder, 'trials-cache/base'));
    const features = readdirSync(join(shop.folder, 'trials-cache/base', cached!, 'features')).sort();
    expect(features).toEqual(['full', 'interleaved', 'pictures']);
    // One encoder for each way of telling the graph, one fine-tuning for each trial but the one that has nothing to learn.
    const weights = readdirSync(join(out, 'weights')).map((name) => name.replace(/-.*/, ''));
    expect(weights.sort()).toEqual(['encoder', 'encoder', 'finetune', 'finetune', 'finetune']);
    expect(existsSync(join(out, 'full/package'))).toBe(false);

    const finished = statSync(join(out, 'full/result.json')).mtimeMs;
    rmSync(join(out, 'recon/result.json'));
    const giveBack = lockFolder(out);
    await expect(runBaseTrials(options, some)).rejects.toThrow('another training of this name runs since');
    giveBack();
    await runBaseTrials(options, some);
    expect(existsSync(join(out, 'in-use.json'))).toBe(false);
    expect(table()).toEqual(results);
    expect(statSync(join(out, 'full/result.json')).mtimeMs).toBe(finished);
    await expect(runBaseTrials({ ...options, pictures: 8 }, some)).rejects.toThrow('trials with pictures 4, not 8');
    await expect(runBaseTrials({ ...options, clip: undefined }, some)).rejects.toThrow('give --clip FILE.onnx');
    await expect(runBaseTrials({ ...options, out: shop.tiny }, some)).rejects.toThrow('is the base model');
  });

  it('may keep its weights in another file', async () => {
    const outside = writeTinyStableDiffusion({ external: 'weights.bin' });
    const loaded = await openBaseModel(outside);
    const built = await buildFinetuneGraph(loaded, shop.set, { ...training, train: 'low-rank' });
    const parameters = initializeParameters(built.g, 1, new Map(built.weights));
    for (const name of built.updated) parameters.get(updateName(name, 'up'))!.fill(0.5);
    const to = join(shop.folder, 'outside');
    const adapter = { model: adapterModel(built.adapter, shop.set.width, parameters), config: built.adapter };
    exportPackage({ from: outside, to, adapter, unet: movedWeights(built, parameters) });
    expect((await paint(to)).pixels).not.toEqual((await paint(outside)).pixels);
    const file = (folder: string, name: string) => readFileSync(join(folder, 'unet', name));
    expect(file(to, 'model.onnx').equals(file(outside, 'model.onnx'))).toBe(true);
    expect(file(to, 'weights.bin').length).toBe(file(outside, 'weights.bin').length);
    await loaded.release();
  });

  it('is asked for on the command line, where its options are its own', async () => {
    const out = join(shop.folder, 'asked');
    const run = (...more: string[]) =>
      spawnSync(process.execPath, ['--import', 'tsx', 'src/training/commands/train.ts', ...more], { encoding: 'utf8' });
    const road = [
      'all',
      '--base',
      shop.tiny,
      '--data',
      shop.data,
      '--clip',
      clip,
      '--out',
      out,
      '--fusion',
      'interleaved',
    ];
    const options = [
      '--minutes',
      '0.05',
      '--width',
      '16',
      '--batch',
      '2',
      '--train',
      'low-rank',
      '--precision',
      'half',
      '--checkpoints',
      '2',
      '--samples',
      '2',
    ];
    const dry = run(...road, ...options, '--dry-run');
    expect([dry.status, dry.stderr]).toEqual([
      0,
      expect.stringMatching(
        /features: \d+ pictures, .* s each.*\nlearns: .*million.*\nmemory: .*\na step: .* for 16 pictures; \d+ steps in 0\.0 of 0\.05 minutes/,
      ),
    ]);
    expect(existsSync(out)).toBe(false);
    const done = run(...road, ...options);
    expect([done.status, done.stdout]).toEqual([0, expect.stringMatching(/clipCosine/)]);
    expect(JSON.parse(readFileSync(join(out, 'graph_adapter/config.json'), 'utf8'))).toMatchObject({
      fusion: 'interleaved',
      globalWidth: 24,
    });
    expect((await paint(out)).notes).toMatch(/through its graph adapter/);
  });

  it('is trained by one process at a time, which Ctrl+C ends with 130 after its checkpoint; a full disk is told', async () => {
    const args = [
      '--import',
      'tsx',
      'src/training/commands/train.ts',
      'finetune',
      '--base',
      shop.tiny,
      '--data',
      shop.data,
    ];
    const small = [
      '--width',
      '8',
      '--layers',
      '1',
      '--batch',
      '2',
      '--accumulate',
      '1',
      '--out',
      join(shop.folder, 'never'),
    ];
    const cache = join(shop.folder, 'own-cache');
    const env = { ...process.env, SGRAFFITO_CACHE: cache };
    const find = (name: string) =>
      readdirSync(cache, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith(name));
    const limited = ['-c', 'ulimit -f 16; exec "$@"', 'bash', process.execPath, ...args, ...small];
    const full = spawnSync('bash', limited, { encoding: 'utf8', env });
    expect([full.status, full.stderr]).toEqual([
      1,
      expect.stringMatching(/features\/pictures\/00000\.safetensors cannot be written: the disk is full\./),
    ]);
    expect([find('00000.safetensors'), find('.new'), find('in-use.json')]).toEqual([undefined, undefined, undefined]);

    const run = spawn(process.execPath, [...args, ...small, '--minutes', '10'], { env });
    const ended = once(run, 'exit');
    await vi.waitUntil(() => find('finetune.log.jsonl'), { timeout: 120_000, interval: 50 });
    vi.stubEnv('SGRAFFITO_CACHE', cache);
    const beside = runStages('finetune', { ...roadTo(join(shop.folder, 'never')), clip: undefined });
    await expect(beside).rejects.toThrow(`another training of this name runs since`);
    vi.stubEnv('SGRAFFITO_CACHE', join(shop.folder, 'cache'));
    expect(find('finetune.checkpoint.safetensors')).toBeUndefined();
    run.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(find('finetune.checkpoint.safetensors')).toBeDefined();
    expect(find('in-use.json')).toBeUndefined();
  });

  it('tells a damaged shard and makes it anew; weights that are no numbers are named', async () => {
    const folder = join(shop.folder, 'encoded');
    const source = { model: shop.model, data: shop.data, fusion: 'full' as const };
    const damage: readonly (readonly [name: string, change: (bytes: Buffer) => Buffer])[] = [
      ['pictures/00000.safetensors', (bytes) => Buffer.from(bytes).fill(0, bytes.length - 30)],
      ['full/00000.safetensors', (bytes) => Buffer.from(bytes).fill(0, bytes.length - 30)],
      ['full/empty.safetensors', (bytes) => bytes.subarray(0, -1)],
      ['full/features.json', () => Buffer.from('{')],
    ];
    for (const [name, change] of damage) {
      const file = join(folder, name);
      const whole = readFileSync(file);
      writeFileSync(file, change(whole));
      await computeFeatures(source, folder, quiet);
      expect(readFileSync(file)).toEqual(whole);
      expect(process.stderr.write).toHaveBeenCalledWith(
        expect.stringMatching(new RegExp(`${name} is damaged.*made anew`)),
      );
    }
    const { bytes, external } = shop.model.readUnet();
    const [name, weight] = [...(await buildFinetuneGraph(shop.model, shop.set, training)).weights][0]!;
    for (const odd of [Number.NaN, 1e38]) {
      const spoilt = withWeights(bytes, new Map([[name, weight.slice().fill(odd, 0, 1)]]), () => undefined);
      const model = { ...shop.model, readUnet: () => ({ bytes: spoilt, external }) };
      const said = `unet/model.onnx is damaged: its weight "${name}" holds ${Math.fround(odd)}`;
      await expect(buildFinetuneGraph(model, shop.set, training)).rejects.toThrow(said);
    }
    expect(() => finite(Float32Array.of(1, Number.NaN), 'clip.onnx')).toThrow(/^clip\.onnx gives NaN/);
  });

  it('takes the mean of an encoder that gives mean and variance', async () => {
    const moments = await openBaseModel(writeTinyStableDiffusion({ moments: true }));
    const pixels = Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => Math.sin(i));
    expect(await moments.encodeImage(pixels)).toEqual(await shop.model.encodeImage(pixels));
    await moments.release();
  });

  it('that cannot be trained on is refused with a reason', async () => {
    await expect(openBaseModel('public/models/picturebook')).rejects.toThrow(
      'fine-tuning is for Stable Diffusion packages',
    );
    const half = await openBaseModel(writeTinyStableDiffusion({ precision: 'float16' }));
    await expect(buildFinetuneGraph(half, shop.set, training)).rejects.toThrow(/single precision|float16/);
    await half.release();
    const odd = { ...shop.model, readUnet: () => ({ ...shop.model.readUnet(), bytes: Uint8Array.of(1, 2, 3) }) };
    await expect(buildFinetuneGraph(odd, shop.set, training)).rejects.toThrow(/^unet\/model\.onnx: /);
    await expect(openClipTower('nowhere.onnx')).rejects.toThrow(BaseModelError);
    const bare = writeTinyStableDiffusion({ change: { 'vae_encoder/model.onnx': undefined } });
    await expect(openBaseModel(bare)).rejects.toThrow('has no vae_encoder/model.onnx');
    const other = join(shop.folder, 'data-32');
    await runImport('visual-genome', writeMiniatureVisualGenome({ images: 20 }), {
      out: other,
      size: 32,
      minObjects: 1,
      minPredicates: 1,
    });
    const folder = join(shop.folder, 'encoded-32');
    await expect(computeFeatures({ model: shop.model, data: other, fusion: 'full' }, folder, quiet)).rejects.toThrow(
      'import with --size 64',
    );
    expect(existsSync(folder)).toBe(false);
  });
});
