/** Sampling for an evaluation, as work for another machine: a batch of pictures into the store that both share. */
import * as v from 'valibot';
import { settingsSchema } from '#engine/contract/generation-settings.ts';
import { parseSceneGraph } from '#graph/files/parse.ts';
import type { JobHandler } from '#training/jobs/job.ts';
import { pathHere, sharedPathSchema } from '#training/run/cache-folder.ts';
import { type EvaluationModel, openEvaluationModel } from './evaluation-model.ts';
import { PICTURES_PER_BATCH } from './paint-many.ts';
import { PictureStore, paintMissing } from './picture-store.ts';

const orderSchema = v.object({
  model: sharedPathSchema,
  weights: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  folder: sharedPathSchema,
  jobs: v.pipe(
    v.array(
      v.object({
        graph: v.unknown(),
        settings: settingsSchema,
      }),
    ),
    v.maxLength(PICTURES_PER_BATCH),
  ),
});

/** One model stays open: the jobs of a run are all of one. */
let open: { readonly folder: string; readonly model: EvaluationModel } | undefined;

async function modelIn(folder: string): Promise<EvaluationModel> {
  if (open?.folder === folder) return open.model;
  await close();
  open = { folder, model: await openEvaluationModel(folder) };
  return open.model;
}

async function close(): Promise<void> {
  const last = open;
  open = undefined;
  await last?.model.release();
}

export const paintHandler: JobHandler = async (content) => {
  const { weights, ...order } = v.parse(orderSchema, content);
  const folder = pathHere(order.model);
  const { hash, paintMany } = await modelIn(folder);
  if (hash !== weights) {
    await close();
    throw new Error(`${folder} has other weights here (${hash}) than in the run (${weights}): copy the package`);
  }
  const jobs = order.jobs.map(({ graph, settings }, i) => ({
    graph: parseSceneGraph(graph, `jobs[${i}].graph`),
    settings,
  }));
  await paintMissing(paintMany, jobs, new PictureStore(pathHere(order.folder)));
  return `${jobs.length} pictures`;
};
