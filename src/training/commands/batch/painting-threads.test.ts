import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Engine } from '#engine/engine.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { loadPackage } from '#engine/package/package-loader.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { writeUntrainedPackage } from '#training/package/untrained-package.fixture.ts';
import { PaintingThreads } from './painting-threads.ts';

vi.setConfig({ testTimeout: 120_000 });

const settings = { steps: 1, guidanceScale: 2, sampler: 'euler', style: 'any' } as const;

it('paints what one engine on all cores paints, and hands faults on', async () => {
  const folder = writeUntrainedPackage();
  const threads = new PaintingThreads(folder, 2);
  const order = (seed: number, label = 'sheep') => ({ subject: graphOf([label], []), settings: { ...settings, seed } });
  const pictures = await Promise.all([threads.paint(order(1)), threads.paint(order(2))]);
  await expect(threads.paint(order(3, 'xqzzt'))).rejects.toMatchObject({ code: 'graph-invalid' });
  pictures.push(await threads.paint(order(3)));
  await threads.close();
  const engine = await Engine.open(await loadPackage(folderSource(folder)), nodeRuntime);
  for (const [i, { picture }] of pictures.entries()) {
    const { subject, settings: asked } = order(i + 1);
    expect((await engine.generate(subject, asked)).picture.pixels).toEqual(picture.pixels);
  }
  await engine.release();
});

it('that die are told to whoever asks them, and to nobody else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sgraffito-threads-'));
  const threads = new PaintingThreads(folder, 2);
  const order = { subject: graphOf(['sheep'], []), settings: { ...settings, seed: 1 } };
  await expect(threads.paint(order)).rejects.toThrow('manifest.json');
  // The other one has died by itself, or is about to.
  await expect(threads.paint(order)).rejects.toThrow('manifest.json');
  await threads.close();
});
