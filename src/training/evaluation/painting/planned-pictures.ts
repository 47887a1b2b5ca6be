/** The pictures of a plan, from whoever is to answer its graphs: the model, the nearest training pictures, or a folder of files. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Picture } from '#diffusion/picture.ts';
import { EvaluationInputError } from '#training/evaluation/input-error.ts';
import type { PlannedPictures } from '#training/evaluation/study/evaluation-plan.ts';
import { Retrieval } from '#training/evaluation/study/retrieval.ts';
import { readPicture } from '#training/files/picture-file.ts';
import type { Progress } from '#training/files/progress.ts';
import type { WorkerPool } from '#training/jobs/job.ts';
import { sharedPath } from '#training/run/cache-folder.ts';
import type { EvaluationModel } from './evaluation-model.ts';
import type { PaintJob } from './paint-many.ts';
import { PictureStore, paintOrLoad } from './picture-store.ts';

export type PlannedJobs = PlannedPictures<PaintJob>;

interface Painting {
  readonly modelFolder: string;
  /** Painted pictures are kept here. */
  readonly cacheFolder: string;
  readonly progress: Progress;
  /** Who paints; this process alone when absent. */
  readonly pool?: WorkerPool | undefined;
}

export async function paintPlan(
  model: EvaluationModel,
  jobs: PlannedJobs,
  { cacheFolder, progress, pool, modelFolder }: Painting,
): Promise<PlannedPictures<Picture>> {
  const folder = join(cacheFolder, model.hash);
  const order = { model: sharedPath(modelFolder), weights: model.hash, folder: sharedPath(folder) };
  try {
    const pictures = await paintOrLoad(
      model.paintMany,
      [...jobs.base, ...jobs.after, ...jobs.samples.flat()],
      new PictureStore(folder),
      (ready, total) => progress.update(ready, total),
      pool && { pool, order },
    );
    const base = pictures.splice(0, jobs.base.length);
    const after = pictures.splice(0, jobs.after.length);
    return { base, after, samples: jobs.samples.map((samples) => pictures.splice(0, samples.length)) };
  } finally {
    progress.close();
  }
}

/** The same jobs, told the objects alone. */
export function withoutRelations({ base, after, samples }: PlannedJobs): PlannedJobs {
  const bare = ({ graph, settings }: PaintJob): PaintJob => ({ graph: { ...graph, relations: [] }, settings });
  return { base: base.map(bare), after: after.map(bare), samples: samples.map((jobs) => jobs.map(bare)) };
}

/** Further samples of a graph are the next nearest pictures. */
export function retrievePlan(
  trainingSet: ConstructorParameters<typeof Retrieval>[0],
  { base, after, samples }: PlannedJobs,
  progress: Progress,
): PlannedPictures<Picture> {
  const retrieval = new Retrieval(trainingSet);
  const total = base.length + after.length + samples.flat().length;
  let ready = 0;
  const find = (job: PaintJob, rank = 0): Picture => {
    const picture = retrieval.picture(job, rank);
    progress.update(++ready, total);
    return picture;
  };
  try {
    return {
      base: base.map((job) => find(job)),
      after: after.map((job) => find(job)),
      samples: samples.map((jobs) => jobs.map((job, rank) => find(job, rank))),
    };
  } finally {
    progress.close();
  }
}

/** Pictures made elsewhere, in their order by name. @throws EvaluationInputError when there are not as many as graphs, PictureError for one that is not whole */
export async function readPictures(
  folder: string,
  count: number,
  size: Pick<Picture, 'width' | 'height'>,
): Promise<Picture[]> {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => /\.(png|jpe?g|webp)$/i.test(name));
  } catch (error) {
    throw new EvaluationInputError(`${folder} cannot be read: ${(error as Error).message}`);
  }
  if (names.length !== count) {
    throw new EvaluationInputError(
      `${folder} holds ${names.length} pictures for ${count} graphs; it needs one each, in their order by name`,
    );
  }
  const inOrder = new Intl.Collator('en', { numeric: true });
  return Promise.all(names.sort(inOrder.compare).map((name) => readPicture(join(folder, name), size)));
}
