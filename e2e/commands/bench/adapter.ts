/** A step of the graph adapter on the UNet of a package. */
import { join } from 'node:path';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { sizeOf } from '#diffusion/tensor.ts';
import { tokenGraphOf } from '#diffusion/tokens.ts';
import { adapterFeeds } from '#engine/stable-diffusion/adapter-feeds.ts';
import { planConditioning } from '#engine/stable-diffusion/conditioning-plan.ts';
import { documentOf } from '#graph/indexed-graph.ts';
import { type BaseModel, openBaseModel } from '#training/text-to-image/base-model.ts';
import type { Example, FeatureSet } from '#training/text-to-image/features.ts';
import {
  buildFinetuneGraph,
  type FinetuneSettings,
  finetuneFeeds,
  openFinetuneStep,
} from '#training/text-to-image/finetune-step.ts';
import { initializeParameters } from '#training/trainer/training-step.ts';
import type { Effort, Figure } from './figures.ts';
import { secondsOf } from './figures.ts';
import { besideTorch } from './in-torch.ts';
import { optimised } from './training-step.ts';

const settings: FinetuneSettings = {
  train: 'adapter',
  adapter: { width: 512, layers: 3 },
  rank: 8,
  batch: 2,
  accumulate: 1,
  precision: 'single',
  checkpoints: 1,
  lambda: 1,
  beta: 0,
  dropout: 0,
};

/** @param base folder of a Stable Diffusion package; without one nothing is measured @param python an interpreter with torch and diffusers */
export async function measureAdapter(
  { rounds }: Effort,
  base: string | undefined,
  python: string | undefined,
): Promise<Figure[]> {
  if (base === undefined) return [];
  const model = await openBaseModel(base);
  const { set, example } = await noiseFor(model);
  const graph = await buildFinetuneGraph(model, set, settings);
  const step = await openFinetuneStep(graph, 'cpu', settings.checkpoints);
  const learning = new Map(step.trained.map((name) => [name, graph.g.parameters.get(name)!] as const));
  const parameters = initializeParameters({ parameters: learning }, 1);
  const given = { empty: set.empty, dropout: 0, sharesTimestep: graph.sharesTimestep };
  const { batch, adapter } = settings;
  const feeds = finetuneFeeds(model, new Array<Example>(batch).fill(example), seededNoise(1), given);
  const seconds = await secondsOf(rounds, optimised(step, feeds, parameters));
  await step.release();
  const numbers = [batch, ...model.latent, set.room.length, set.width, adapter.width, adapter.layers, rounds];
  const told = [join(base, 'unet/config.json'), ...numbers];
  return besideTorch({ name: 'adapter step', batch, seconds }, python, 'torch_adapter_step.py', told);
}

/** A picture and a text of noise, and a small graph. */
async function noiseFor(model: BaseModel) {
  const { tokenizer, latent } = model;
  const graph = tokenGraphOf(
    documentOf({
      objects: ['sheep', 'tree', 'grass'].map((label) => ({ label, attributes: [] })),
      relations: [
        { subject: 0, predicate: 'left of', object: 1 },
        { subject: 0, predicate: 'on', object: 2 },
      ],
    }),
    'any',
  );
  const { length } = tokenizer;
  const room = { objects: 3, relations: 2, tokens: length, length };
  const empty = await model.encodeText(tokenizer.prompt(''));
  await model.release();
  const set: Pick<FeatureSet, 'room' | 'width' | 'features' | 'fusion' | 'empty'> = {
    room,
    width: empty.length / length,
    features: 0,
    fusion: 'full',
    empty,
  };
  const noise = seededNoise(2);
  const example: Example = {
    latent: noise.normals(sizeOf(latent)),
    text: noise.normals(empty.length),
    feeds: adapterFeeds(graph, planConditioning(graph, tokenizer, set.fusion), room),
  };
  return { set, example };
}
