/** Pieces of stages, as work for another machine: a shard of latents, a whole trial. */
import * as v from 'valibot';
import type { JobHandler } from '#training/jobs/job.ts';
import { configSchema } from '#training/run/config.ts';
import { openContext } from '#training/run/open-context.ts';
import { devices } from '#training/trainer/training-step.ts';
import { shardEncoder } from './latents.ts';
import { runTrial } from './trials.ts';

const order = { config: configSchema, device: v.picklist(devices) };
const latentsOrder = v.object({ ...order, index: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e6)) });
const trialOrder = v.object({ ...order, trial: v.pipe(v.string(), v.maxLength(64)) });

export const latentsHandler: JobHandler = async (content) => {
  const { config, device, index } = v.parse(latentsOrder, content);
  const encoder = await shardEncoder(openContext(config, device));
  try {
    await encoder.write(index);
  } finally {
    await encoder.release();
  }
  return `shard ${index + 1} of the latents of ${config.name}`;
};

export const trialHandler: JobHandler = async (content) => {
  const { config, device, trial } = v.parse(trialOrder, content);
  await runTrial(openContext(config, device), trial);
  return `trial "${trial}" of ${config.name}`;
};
