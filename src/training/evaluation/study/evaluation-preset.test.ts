import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '#engine/contract/manifest.ts';
import { runImport } from '#training/commands/import-command.ts';
import { EvaluationInputError } from '#training/evaluation/input-error.ts';
import { writeMiniatureVisualGenome } from '#training/import/visual-genome/visual-genome.fixture.ts';
import { writeUntrainedPackage } from '#training/package/untrained-package.fixture.ts';
import { checkData, dataTestSet } from './evaluation-preset.ts';
import { faultByWords } from './test-graphs.ts';

const folder = mkdtempSync(join(tmpdir(), 'sgraffito-preset-'));
let manifest: Manifest;
beforeAll(async () => {
  const source = writeMiniatureVisualGenome({ images: 20 });
  const thresholds = { minObjects: 5, minPredicates: 5 };
  await runImport('visual-genome', source, { ...thresholds, out: join(folder, 'data'), size: 256 });
  manifest = JSON.parse(readFileSync(join(writeUntrainedPackage(), 'manifest.json'), 'utf8'));
}, 60_000);

describe('evaluation presets', () => {
  it('say everything that is missing in one line', () => {
    const check = () => checkData('coco-stuff', join(folder, 'nowhere'), { lpipsFile: join(folder, 'gone.onnx') });
    expect(check).toThrow(EvaluationInputError);
    expect(check).toThrow(/--lpips, .*gone\.onnx.*no folder .*nowhere/);
    expect(() => checkData('coco-stuff', join(folder, 'data'), {})).toThrow('holds visual-genome');
  });

  it('take every graph of the test split, and all its photographs as the reference', async () => {
    const data = checkData('visual-genome', join(folder, 'data'), {});
    const said: string[] = [];
    const model = (labels: readonly string[], side = 256) => ({
      facts: manifest,
      image: { width: side, height: side },
      faultOf: faultByWords(
        { ...manifest, vocabulary: { objects: [...labels], predicates: data.predicates, attributes: [] } },
        () => false,
      ),
      knowsAttribute: () => false,
      say: (line: string) => said.push(line),
    });
    const all = await dataTestSet(join(folder, 'data'), data, model(data.labels));
    expect([all.graphs.length, all.reference?.length]).toEqual([2, 2]);
    expect(all.graphs[0]!.graph.objects.map(({ label }) => label)).toEqual(['man', 'horse', 'weed']);
    expect(all.graphs[0]!.real).toMatchObject({ width: 256, height: 256 });
    const one = await dataTestSet(join(folder, 'data'), data, { ...model(data.labels), samples: 1 });
    expect([one.graphs.length, one.reference?.length]).toEqual([1, 2]);
    expect(said).toEqual([]);
    await expect(dataTestSet(join(folder, 'data'), data, model(['man']))).rejects.toThrow(/no graph.*can paint.*horse/);
    await expect(dataTestSet(join(folder, 'data'), data, model(data.labels, 128))).rejects.toThrow(
      /256 × 256, the model paints 128 × 128: import with --size 128.*--size 256/,
    );
  });
});
