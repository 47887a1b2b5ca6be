/** Fine-tuning of a miniature Stable Diffusion on a miniature Visual Genome: from files to a package that paints. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { loadAnyPackage, notesOf } from '#engine/any-package.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import { Engine } from '#engine/engine.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { runImport } from '#training/commands/import-command.ts';
import { writeMiniatureVisualGenome } from '#training/import/visual-genome/visual-genome.fixture.ts';
import { writeTinyStableDiffusion } from '#training/package/stable-diffusion.fixture.ts';
import { initializeParameters } from '#training/trainer/training-step.ts';
import { openWorkshop, quiet, training } from './adapter.fixture.ts';
import { prepareAdapterSet } from './adapter-data.ts';
import { adapterModel, exportAdapterPackage, movedWeights } from './adapter-export.ts';
import { AdapterInputError } from './adapter-input-error.ts';
import { buildAdapterGraph, updateName } from './adapter-step.ts';
import { openClipTower } from './clip-tower.ts';
import { openTextToImage } from './text-to-image.ts';
import { type AdapterOptions, dryRun, trainAdapter } from './train-adapter.ts';

vi.setConfig({ testTimeout: 120_000 });

const shop = openWorkshop();
const graph = graphOf(['sheep', 'tree', 'tree'], [[0, 'left of', 1]]);
const settings: GenerationSettings = { seed: 7, steps: 2, guidanceScale: 5, sampler: 'euler', style: 'any' };

async function paint(from: string, of = graph) {
  const engine = await Engine.open(await loadAnyPackage(folderSource(from), { title: 'Tiny' }), nodeRuntime);
  const { picture } = await engine.generate(of, settings);
  const notes = notesOf(engine.manifest).join();
  await engine.release();
  return { pixels: picture.pixels, notes };
}

describe('the package', () => {
  it('with an untrained adapter paints what it painted before', async () => {
    const built = await buildAdapterGraph(shop.model, shop.set, training);
    const parameters = initializeParameters(built.g, 1, new Map(built.weights));
    const to = join(shop.folder, 'untrained');
    const adapter = adapterModel(training.adapter, { tokens: shop.set.room.tokens, width: shop.set.width }, parameters);
    exportAdapterPackage({ from: shop.tiny, to, adapter, unet: movedWeights(built, parameters) });
    const [before, after] = [await paint(shop.tiny), await paint(to)];
    expect(after.pixels).toEqual(before.pixels);
    expect(before.notes).toMatch(/no graph adapter/);
    expect(after.notes).toMatch(/through its graph adapter/);
  });

  it('is trained, goes on after a stop, and listens to its edges', async () => {
    const out = join(shop.folder, 'trained');
    const said: string[] = [];
    const options: AdapterOptions = {
      ...training,
      train: 'low-rank',
      batch: 2,
      accumulate: 2,
      learningRate: 1e-2,
      seed: 3,
      device: 'cpu',
      package: shop.tiny,
      data: shop.data,
      out,
      budget: { pictures: 80 },
      say: (line) => said.push(line),
    };
    const run = await dryRun(options);
    expect(run.trained).toBeGreaterThan(1000);
    expect([run.fixed > 0, run.seconds > 0, run.memory > 1e6]).toEqual([true, true, true]);
    await trainAdapter(options);
    expect(said.join('\n')).toMatch(/\d+ pictures.*graph adapter is in/s);
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
    await trainAdapter(options);
    expect((await paint(out)).pixels).toEqual(once.pixels);
    await trainAdapter({ ...options, budget: { pictures: 120 } });
    expect((await paint(out)).pixels).not.toEqual(once.pixels);
    for (const target of [shop.tiny, join(shop.tiny, 'inside')]) {
      await expect(trainAdapter({ ...options, out: target })).rejects.toThrow('name another folder with --out');
    }
  });

  it('may keep its weights in another file', async () => {
    const outside = writeTinyStableDiffusion({ external: 'weights.bin' });
    const loaded = await openTextToImage(outside);
    const built = await buildAdapterGraph(loaded, shop.set, { ...training, train: 'low-rank' });
    const parameters = initializeParameters(built.g, 1, new Map(built.weights));
    for (const name of built.updated) parameters.get(updateName(name, 'up'))!.fill(0.5);
    const to = join(shop.folder, 'outside');
    const adapter = adapterModel(training.adapter, { tokens: shop.set.room.tokens, width: shop.set.width }, parameters);
    exportAdapterPackage({ from: outside, to, adapter, unet: movedWeights(built, parameters) });
    expect((await paint(to)).pixels).not.toEqual((await paint(outside)).pixels);
    await loaded.release();
  });

  it('is asked for on the command line, where its options are its own', async () => {
    const asked = [
      'src/training/commands/train.ts',
      'adapter',
      shop.tiny,
      shop.data,
      '--out',
      join(shop.folder, 'asked'),
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
    ];
    const run = (...more: string[]) =>
      spawnSync(process.execPath, ['--import', 'tsx', ...asked, ...options, ...more], { encoding: 'utf8' });
    const dry = run('--dry-run');
    expect([dry.status, dry.stderr]).toEqual([
      0,
      expect.stringMatching(/learns: .*million.*\n.*memory: .*\n.* for 16 pictures; \d+ steps in 0\.05 minutes/),
    ]);
    expect(existsSync(join(shop.folder, 'asked'))).toBe(false);
    expect(run().status).toBe(0);
    expect((await paint(join(shop.folder, 'asked'))).notes).toMatch(/through its graph adapter/);
    expect(run('--device', 'abacus')).toMatchObject({ status: 2, stderr: expect.stringMatching(/must be one of cpu/) });
  });

  it('that cannot be trained on is refused with a reason', async () => {
    await expect(openTextToImage('public/models/picturebook')).rejects.toThrow('trained for Stable Diffusion packages');
    const half = await openTextToImage(writeTinyStableDiffusion({ precision: 'float16' }));
    await expect(buildAdapterGraph(half, shop.set, training)).rejects.toThrow(/single precision|float16/);
    await half.release();
    const odd = { ...shop.model, readUnet: () => ({ ...shop.model.readUnet(), bytes: Uint8Array.of(1, 2, 3) }) };
    await expect(buildAdapterGraph(odd, shop.set, training)).rejects.toThrow(/^unet\/model\.onnx: /);
    await expect(openClipTower('nowhere.onnx')).rejects.toThrow(AdapterInputError);
    const bare = writeTinyStableDiffusion({ change: { 'vae_encoder/model.onnx': undefined } });
    await expect(openTextToImage(bare)).rejects.toThrow('has no vae_encoder/model.onnx');
    const other = join(shop.folder, 'data-32');
    await runImport('visual-genome', writeMiniatureVisualGenome({ images: 20 }), {
      out: other,
      size: 32,
      minObjects: 1,
      minPredicates: 1,
    });
    await expect(prepareAdapterSet(shop.model, other, join(shop.folder, 'encoded-32'), quiet)).rejects.toThrow(
      'import with --size 64',
    );
    expect(existsSync(join(shop.folder, 'encoded-32'))).toBe(false);
  });
});
