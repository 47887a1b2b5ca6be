import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '#engine/contract/manifest.ts';
import { runImport } from '#training/commands/import-command.ts';
import { writeMiniatureVisualGenome } from '#training/import/visual-genome/visual-genome.fixture.ts';
import { writeUntrainedPackage } from '#training/package/untrained-package.fixture.ts';
import { checkPreset, presetTestSet } from './evaluation-preset.ts';
import { EvaluationInputError } from './test-graphs.ts';

const folder = mkdtempSync(join(tmpdir(), 'sgraffito-preset-'));
const network = join(folder, 'network.onnx');
const files = { inceptionFile: network, lpipsFile: network, detectorFile: network };
let manifest: Manifest;
beforeAll(async () => {
  writeFileSync(network, '');
  const source = writeMiniatureVisualGenome({ images: 20 });
  const thresholds = { minObjects: 5, minPredicates: 5 };
  await runImport('visual-genome', source, { ...thresholds, out: join(folder, 'data'), size: 256 });
  await runImport('visual-genome', source, { ...thresholds, out: join(folder, 'small'), size: 32 });
  manifest = JSON.parse(readFileSync(join(writeUntrainedPackage(), 'manifest.json'), 'utf8'));
}, 60_000);

describe('evaluation presets', () => {
  it('say everything that is missing in one line', () => {
    const check = () => checkPreset('coco-stuff', join(folder, 'nowhere'), { lpipsFile: join(folder, 'gone.onnx') });
    expect(check).toThrow(EvaluationInputError);
    expect(check).toThrow(/--inception FILE.*--lpips, .*gone\.onnx.*--detector FILE.*no folder .*nowhere/);
    expect(() => checkPreset('coco-stuff', join(folder, 'data'), files)).toThrow('holds visual-genome');
    expect(() => checkPreset('visual-genome', join(folder, 'small'), files)).toThrow('has 32 × 32');
  });

  it('take every graph of the test split, and all its photographs as the reference', async () => {
    const data = checkPreset('visual-genome', join(folder, 'data'), files);
    const { labels, predicates } = data;
    const model: Manifest = {
      ...manifest,
      image: { width: 256, height: 256 },
      vocabulary: { objects: labels, predicates, attributes: [] },
    };
    const knowsWord = () => false;
    const all = await presetTestSet(join(folder, 'data'), data, { manifest: model, knowsWord });
    expect([all.graphs.length, all.reference?.length]).toEqual([2, 2]);
    expect(all.graphs[0]!.graph.objects.map(({ label }) => label)).toEqual(['man', 'horse', 'weed']);
    expect(all.graphs[0]!.real).toMatchObject({ width: 256, height: 256 });
    const one = await presetTestSet(join(folder, 'data'), data, { manifest: model, knowsWord, samples: 1 });
    expect([one.graphs.length, one.reference?.length]).toEqual([1, 2]);
    const small = { manifest: { ...model, image: { width: 128, height: 128 } }, knowsWord };
    await expect(presetTestSet(join(folder, 'data'), data, small)).rejects.toThrow('paints 128 × 128');
  });
});
