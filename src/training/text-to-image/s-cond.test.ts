/** The paper's S_cond: G_global is part of what the UNet reads, and is aligned with CLIP over all pictures of a step. */
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { loadAnyPackage } from '#engine/any-package.ts';
import { Engine } from '#engine/engine.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import type { Fusion } from '#engine/stable-diffusion/conditioning-plan.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { reshape } from '#onnx/ops/layout.ts';
import { averagePool } from '#onnx/ops/pooling.ts';
import { writeNetwork } from '#training/evaluation/judges/onnx-network.fixture.ts';
import { CheckpointStore } from '#training/trainer/checkpoint.ts';
import { initializeParameters, type StepResult } from '#training/trainer/training-step.ts';
import { openClipTower } from './clip/clip-tower.ts';
import { computeFeatures, type FeatureSet } from './features.ts';
import { type FinetuneOptions, openFinetune } from './finetune.ts';
import { adapterConfig, buildFinetuneGraph } from './finetune-step.ts';
import { measureEncoder, trainGraphEncoder } from './graph-encoder.ts';
import { adapterModel, exportPackage } from './package.ts';
import { openWorkshop, quiet, training } from './workshop.fixture.ts';

vi.setConfig({ testTimeout: 120_000 });

const shop = openWorkshop();
const options: FinetuneOptions = {
  ...training,
  train: 'everything',
  budget: { pictures: 8 },
  learningRate: 1e-3,
  seed: 3,
  device: 'cpu',
};

/** Mean colours of 4 × 4 patches: what a picture shows, in 48 numbers. */
const clip = () =>
  writeNetwork({ pixel_values: [1, 3, 224, 224] }, (g, { pixel_values }) => ({
    image_embeds: reshape(g, averagePool(g, pixel_values!, 56), [1, 48]),
  }));

async function featuresOf(fusion: Fusion): Promise<FeatureSet> {
  const tower = await openClipTower(clip());
  const source = { model: shop.model, data: shop.data, fusion, clip: tower };
  const set = await computeFeatures(source, join(shop.folder, `seen-${fusion}`), quiet);
  await tower.release();
  return set;
}

/** Gradients of one step from the start. */
async function firstStep(set: FeatureSet, change: Partial<FinetuneOptions>): Promise<StepResult> {
  const store = new CheckpointStore(join(shop.folder, 'fresh'), {});
  const { run, initial, release } = await openFinetune({ model: shop.model, set, store }, { ...options, ...change });
  const result = await run(initial);
  await release();
  return result;
}

const normOf = ({ gradients }: StepResult, name: string) => Math.hypot(...gradients.get(name)!);
const UNET_WEIGHT = 'conv_in.weight';

it.each(['interleaved', 'full'] as const)(
  '%s: L_recon and L_align both reach the encoder, and L_align leaves the UNet alone',
  async (fusion) => {
    const set = await featuresOf(fusion);
    expect([set.features, set.room.tokens, set.room.length]).toEqual([48, fusion === 'full' ? 77 : 154, 77]);
    const [recon, align] = [await firstStep(set, { lambda: 1 }), await firstStep(set, { lambda: 0 })];
    expect(normOf(recon, 'adapter.global.weight')).toBeGreaterThan(1e-6);
    expect(normOf(recon, UNET_WEIGHT)).toBeGreaterThan(1e-4);
    expect(normOf(align, 'adapter.global.weight')).toBeGreaterThan(1e-4);
    expect(normOf(align, UNET_WEIGHT)).toBe(0);
  },
);

it('L_align of accumulated batches, L_MMD among it, has the value and the gradient of one large batch', async () => {
  const set = await featuresOf('full');
  const change = { train: 'adapter', lambda: 0 } as const;
  const whole = await firstStep(set, { ...change, batch: 8 });
  const parts = await firstStep(set, { ...change, batch: 2, accumulate: 4 });
  for (const name of ['mmd', 'clip', 'loss']) {
    expect(parts.numbers[name], name).toBeCloseTo(whole.numbers[name]!, 4);
  }
  for (const [name, gradient] of whole.gradients) {
    const missed = gradient.map((value, i) => value - parts.gradients.get(name)![i]!);
    expect(Math.hypot(...missed), name).toBeLessThan(1e-3 * Math.hypot(...gradient) + 1e-6);
  }
});

it('only G_global knows of edges when it is interleaved; told labels alone, nothing does', async () => {
  const pixels = new Map<Fusion, Uint8ClampedArray[]>();
  for (const fusion of ['labels', 'interleaved'] as const) {
    const set = await featuresOf(fusion);
    const graph = await buildFinetuneGraph(shop.model, set, { ...training, train: 'everything' });
    const parameters = initializeParameters(graph.g, 1);
    parameters.get('adapter.fromGlobal.weight')?.forEach((value, i, all) => {
      all[i] = 10 * value;
    });
    const to = join(shop.folder, `edges-${fusion}`);
    const adapter = { model: adapterModel(graph.adapter, set.width, parameters), config: graph.adapter };
    exportPackage({ from: shop.tiny, to, adapter, unet: new Map() });
    const engine = await Engine.open(await loadAnyPackage(folderSource(to), { title: fusion }), nodeRuntime);
    const settings = { seed: 7, steps: 2, guidanceScale: 5, sampler: 'euler', style: 'any' } as const;
    const graphs = [graphOf(['sheep', 'tree'], [[0, 'left of', 1]]), graphOf(['sheep', 'tree'], [[1, 'left of', 0]])];
    pixels.set(fusion, []);
    for (const each of graphs) pixels.get(fusion)!.push((await engine.generate(each, settings)).picture.pixels);
    await engine.release();
  }
  const [one, other] = pixels.get('interleaved')!;
  expect(one).not.toEqual(other);
  const [same, again] = pixels.get('labels')!;
  expect(same).toEqual(again);
});

it('labels have nothing for an adapter to learn', async () => {
  const set = await featuresOf('labels');
  await expect(buildFinetuneGraph(shop.model, set, training)).rejects.toThrow('--train low-rank or everything');
});

it('the GAN brings G_global to its own picture and away from others', async () => {
  const set = await featuresOf('full');
  const config = adapterConfig(set, training.adapter);
  const store = new CheckpointStore(join(shop.folder, 'gan'), {});
  const run = (pictures: number) =>
    trainGraphEncoder(set, config, store, { budget: { pictures }, seed: 3, device: 'cpu' });
  const [early, late] = [await run(16), await run(1600)];
  const before = await measureEncoder(set, config, early, 'cpu');
  const after = await measureEncoder(set, config, late, 'cpu');
  expect(before.pictures).toBe(set.count);
  expect(after.own).toBeGreaterThan(before.own + 0.2);
  expect(after.recallAt10).toBeGreaterThanOrEqual(after.recallAt1);
});
