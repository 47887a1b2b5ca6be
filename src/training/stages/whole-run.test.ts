/** Every training stage in its order on a small configuration, up to a package that paints. */

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { paint } from '#diffusion/pipeline.ts';
import { readSafetensors } from '#engine/formats/safetensors.ts';
import { documentOf } from '#graph/indexed-graph.ts';
import { openEvaluationModel } from '#training/evaluation/painting/evaluation-model.ts';
import type { TrainingConfig } from '#training/run/config.ts';
import { smallConfig, smallContext } from '#training/run/small-context.fixture.ts';
import { startStatistics, startWeights } from '#training/run/start.ts';
import { trainAutoencoder } from './autoencoder.ts';
import { trainClip } from './clip.ts';
import { finetuneDenoiser, pretrainDenoiser } from './denoiser.ts';
import { exportPackage } from './export.ts';
import { trainGraphEncoder } from './graph-encoder.ts';
import { computeLatents, LatentSet } from './latents.ts';
import { writeReport } from './report.ts';
import { compareSamplers, waysOf } from './samplers.ts';
import { trialHandler } from './stage-handlers.ts';
import { trainStudent } from './student/student.ts';
import { runTrials, trials } from './trials.ts';
import { trainVerifier } from './verifier.ts';

test('autoencoder → clip → verifier → latents → graph-encoder → denoiser → finetune → export → a picture → trials', {
  timeout: 480_000,
}, async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-'));
  const out = join(folder, 'package');
  // Where the command line and workers look for it.
  const context = smallContext(join(folder, 'cache', 'training', smallConfig.name));
  const { store } = context;

  await expect(computeLatents(context)).rejects.toThrow('no weights of stage "clip"');
  await expect(exportPackage(context, out)).rejects.toThrow('nothing to export');
  await trainAutoencoder(context);
  await trainClip(context);
  await trainVerifier(context);
  await computeLatents(context);
  await trainGraphEncoder(context);
  await pretrainDenoiser(context);
  await finetuneDenoiser(context);
  for (const stage of Object.keys(smallConfig.minutes)) {
    if (stage === 'student') continue; // learns from the package
    expect(await store.secondsTrained(stage)).toBeGreaterThanOrEqual(1);
    for (const data of (await store.weights(stage)).values()) expect(data.every(Number.isFinite)).toBe(true);
  }
  expect(readdirSync(context.sheetFolder).map((name) => name.split('-')[0])).toEqual(
    expect.arrayContaining(['autoencoder', 'denoiser', 'finetune']),
  );

  // The latents are standardised: mean 0 per channel, unit mean square over all channels.
  const latents = new LatentSet(context);
  expect(latents.size).toBe(32);
  const all = Array.from({ length: latents.size }, (_, index) => [...latents.record(index).latent]).flat();
  expect(all.reduce((sum, value) => sum + value, 0) / all.length).toBeCloseTo(0, 4);
  expect(all.reduce((sum, value) => sum + value * value, 0) / all.length).toBeCloseTo(1, 3);
  // Computed once: a second call leaves the shard alone.
  const shard = join(store.folder, 'latents', '0.safetensors');
  const { mtimeMs } = statSync(shard);
  await computeLatents(context);
  expect(statSync(shard).mtimeMs).toBe(mtimeMs);
  // But not one of other scenes than are asked for.
  const ofShard = () => readSafetensors(readFileSync(shard)).tensors.get('scenes')?.data;
  const asked = ofShard();
  const { latents: usual } = smallConfig;
  for (const other of [
    { latents: { ...usual, evenly: 1 } },
    { latents: { ...usual, whole: 0 } },
    { latents: { ...usual, things: { min: 3, max: 3 } } },
    { mixture: { ...smallConfig.mixture, strewn: 100 } },
  ]) {
    const others = { ...smallConfig, ...other };
    await computeLatents(smallContext(store.folder, others));
    expect(ofShard()).not.toEqual(asked);
  }
  await computeLatents(context);
  expect(ofShard()).toEqual(asked);

  await expect(exportPackage(context, out)).rejects.toThrow('no corpus statistics');
  mkdirSync(join(store.folder, 'corpus'));
  const likely = [{ subject: 'sheep', predicate: 'standing on', object: 'grass', count: 3 }];
  writeFileSync(join(store.folder, 'corpus', 'statistics.json'), JSON.stringify({ triples: likely }));
  await exportPackage(context, out);
  expect(existsSync(join(out, 'README.md'))).toBe(true);
  expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('| finetune | 0.0 |');

  const opened = await openEvaluationModel(out);
  if (opened.kind !== 'picturebook') throw new Error(`${out} became another kind of model`);
  const { manifest, networks, paintModel } = opened;
  expect(manifest.name).toBe('small');
  expect(manifest.likely).toEqual(likely);
  expect(manifest.sprites?.labels).toEqual(manifest.vocabulary.objects);
  expect(existsSync(join(out, 'sprites.png'))).toBe(true);
  expect(manifest.verifier.thresholds.length).toBe(manifest.vocabulary.objects.length);
  const graph = documentOf({
    objects: ['sheep', 'grass'].map((label, sceneIndex) => ({ label, attributes: [], sceneIndex })),
    relations: [{ subject: 0, predicate: 'standing on', object: 1 }],
  });
  const settings = { seed: 1, steps: 3, guidanceScale: 2, sampler: 'dpmpp-2m', style: 'any' } as const;
  const { picture, latent } = await paint(networks, paintModel, graph, settings);
  expect([picture.width, picture.height]).toEqual([64, 64]);
  expect(picture.pixels.length).toBe(64 * 64 * 4);
  expect([...latent.data].every(Number.isFinite)).toBe(true);
  // A picture, not one colour.
  expect(new Set(picture.pixels).size).toBeGreaterThan(20);
  expect(networks.student).toBeUndefined();

  // A student of it becomes a part of it, and paints in its own passes.
  await trainStudent(context, out);
  expect(await store.secondsTrained('student')).toBeGreaterThanOrEqual(1);
  const taught = await openEvaluationModel(out);
  if (taught.kind !== 'picturebook') throw new Error(`${out} became another kind of model`);
  expect(taught.hash).not.toBe(opened.hash);
  expect(taught.manifest.student?.sigmas).toEqual([opened.manifest.sigma.max, ...smallConfig.student.sigmas]);
  const quick: number[] = [];
  const byStudent = await paint(
    taught.networks,
    taught.paintModel,
    graph,
    { ...settings, sampler: 'student' },
    { onStep: ({ sigma }) => void quick.push(sigma) },
  );
  expect(quick).toEqual(taught.manifest.student?.sigmas);
  expect([...byStudent.latent.data].every(Number.isFinite)).toBe(true);
  await taught.release();
  const twoWays = (...of: Parameters<typeof waysOf>) => waysOf(...of).slice(0, 2);
  await compareSamplers(context, out, twoWays);
  const saved = () => readFileSync(join(store.folder, 'samplers.json'), 'utf8');
  const compared = JSON.parse(saved());
  expect(compared.results.map(({ passes }: { passes: number }) => passes)).toEqual([2, 4]);
  // What is there is not painted again.
  await compareSamplers(context, out, twoWays);
  expect(JSON.parse(saved())).toEqual(compared);

  // A run that goes on from this package has its weights, and trains all stages but the denoiser's own.
  const next = smallContext(join(folder, 'next'), { ...smallConfig, name: 'next', start: out });
  const begun = await startWeights(next);
  const trained1 = await store.weights('finetune');
  const near = (a: Float32Array, b: Float32Array) =>
    a.every((value, i) => Math.abs(value - b[i]!) < 1e-2 * (1 + Math.abs(value)));
  for (const name of ['denoiser.in.weight', 'fusion.label.1.weight', 'graph.predicate', 'graph.style']) {
    expect(near(trained1.get(name)!, begun.get(name)!), name).toBe(true);
  }
  expect(startStatistics(next)).toEqual(latents.statistics);
  const textures = (await store.weights('autoencoder')).get('decoder.textures')!;
  const spread = textures.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  begun.get('decoder.textures')!.forEach((value, i) => {
    if (Math.abs(value - textures[i]!) > (2 * spread) / 255) throw new Error(`texel ${i} is lost`);
  });
  await trainAutoencoder(next);
  await trainClip(next);
  await computeLatents(next);
  await trainGraphEncoder(next);
  expect(await next.store.secondsTrained('graph-encoder')).toBe(0);
  expect((await next.store.weights('graph-encoder')).get('graph.label.weight')).toEqual(
    begun.get('graph.label.weight'),
  );
  await pretrainDenoiser(next);
  expect(next.store.hasWeights('denoiser')).toBe(false);
  await finetuneDenoiser(next);
  const published = await next.store.weights('finetune');
  const keeping = (kept: number) =>
    finetuneDenoiser(smallContext(next.store.folder, { ...next.config, finetune: { ...next.config.finetune, kept } }));
  await keeping(1);
  for (const name of ['denoiser.in.weight', 'graph.predicate'])
    expect((await next.store.weights('finetune')).get(name)).toEqual(begun.get(name));
  // The checkpoint holds what was trained.
  await keeping(0);
  expect(await next.store.weights('finetune')).toEqual(published);
  // The decoder that the package's latents belong to moved at most a little in a second of training; labels did not.
  expect((await next.store.weights('clip')).get('clip.label.1.weight')).toEqual(begun.get('clip.label.1.weight'));
  expect(new LatentSet(next, startStatistics(next)).statistics).toEqual(latents.statistics);
  await expect(startWeights(smallContext(folder, { ...smallConfig, start: 'nowhere' }))).rejects.toThrow(
    'nowhere is neither',
  );

  // Weights of attributes that the package never learned are noise.
  expect(begun.get('fusion.attribute.weight')!.some((value) => value !== 0)).toBe(true);
  const bare = join(folder, 'bare');
  cpSync(out, bare, { recursive: true });
  const { vocabulary } = manifest;
  writeFileSync(
    join(bare, 'manifest.json'),
    JSON.stringify({ ...manifest, vocabulary: { ...vocabulary, attributes: [] } }),
  );
  const unlearned = await startWeights(smallContext(join(folder, 'bare-run'), { ...smallConfig, start: bare }));
  expect(unlearned.get('fusion.attribute.weight')!.every((value) => value === 0)).toBe(true);

  const { sights: _, ...training } = manifest.training;
  writeFileSync(join(bare, 'manifest.json'), JSON.stringify({ ...manifest, training }));
  await expect(startWeights(smallContext(folder, { ...smallConfig, start: bare }))).rejects.toThrow(
    'lacks training.sights',
  );

  const { verifier } = smallConfig;
  const wider: TrainingConfig = { ...smallConfig, start: out, verifier: { ...verifier, widths: [16, 24, 16] } };
  await expect(startWeights(smallContext(folder, wider))).rejects.toThrow('start: verifier of');

  // Trials share everything up to the denoiser, and each is run once.
  const list = trials.filter(({ name }) => ['full', 'words'].includes(name));
  await runTrials(context, list);
  const results = JSON.parse(readFileSync(join(store.folder, 'trials.json'), 'utf8'));
  expect(results.map(({ name }: { name: string }) => name)).toEqual(['full', 'retrieval', 'words']);
  for (const { scores } of results) {
    expect(Object.keys(scores)).toEqual(['oor', 'relationAccuracy', 'edgeFlip', 'isolation', 'ds', 'fd']);
    expect(scores.oor.ceiling).toBe(results[0].scores.oor.ceiling);
  }
  const trained = join(store.folder, 'trials', 'words', 'finetune.weights.safetensors');
  const before = statSync(trained).mtimeMs;
  await runTrials(context, list);
  expect(statSync(trained).mtimeMs).toBe(before);
  expect(readFileSync(join(store.folder, 'trials.html'), 'utf8')).toContain('plain list of words');

  await writeReport(context);
  const page = readFileSync(join(store.folder, 'report.html'), 'utf8');
  const expected = [
    '<h2>finetune</h2>',
    'data:image/jpeg;base64,',
    '<h2>Ablations</h2>',
    '<h2>Alignment</h2>',
    'picture by G_global, finetune',
  ];
  expect(expected.filter((text) => !page.includes(text))).toEqual([]);
  expect(/(src|href)="(?!data:)/.test(page)).toBe(false);

  // On another machine: what is there is not trained again, and scored there.
  vi.stubEnv('SGRAFFITO_CACHE', join(folder, 'cache'));
  rmSync(join(store.folder, 'trials', 'words', 'result.json'));
  const order = JSON.parse(JSON.stringify({ config: context.config, device: 'cpu', trial: 'words' }));
  expect(await trialHandler(order)).toBe('trial "words" of small');
  expect(statSync(trained).mtimeMs).toBeGreaterThan(before);
  await runTrials(context, list);
  expect(JSON.parse(readFileSync(join(store.folder, 'trials.json'), 'utf8'))).toEqual(results);
  await expect(trialHandler({ ...order, trial: '../..' })).rejects.toThrow('there is no trial');
  vi.unstubAllEnvs();
});
