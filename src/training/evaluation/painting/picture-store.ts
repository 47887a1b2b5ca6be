/** Painted pictures on disk, so that an evaluation can be stopped and run again, and a second report costs nothing. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Picture } from '#diffusion/picture.ts';
import { tokenGraphOf } from '#diffusion/tokens.ts';
import { encodePng, readKeptPicture } from '#training/files/picture-file.ts';
import { ownCopy, replaceFile } from '#training/files/replace-file.ts';
import type { WorkerPool } from '#training/jobs/job.ts';
import { alone } from '#training/jobs/pool.ts';
import type { SharedPath } from '#training/run/cache-folder.ts';
import { type PaintJob, type PaintMany, PICTURES_PER_BATCH } from './paint-many.ts';

export class PictureStore {
  readonly #folder: string;

  /** @param folder of one model: pictures of other weights must never meet these. */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  has(job: PaintJob): boolean {
    return existsSync(this.#pathOf(job));
  }

  load(job: PaintJob): Promise<Picture | undefined> {
    return readKeptPicture(this.#pathOf(job));
  }

  /** The file appears whole or not at all, whenever the process is killed. */
  save(job: PaintJob, picture: Picture): void {
    const path = this.#pathOf(job);
    replaceFile(path, encodePng(picture), ownCopy(path));
  }

  #pathOf(job: PaintJob): string {
    return join(this.#folder, `${jobKey(job)}.png`);
  }
}

/** A hash of everything that decides the picture: what the graph says, not its ids and positions, and the settings. */
export function jobKey({ graph, settings }: PaintJob): string {
  const { objects, relations, style } = tokenGraphOf(graph, settings.style);
  const { seed, steps, guidanceScale, relationFactor = 1, sampler, schedule = 'karras', size } = settings;
  const scales = [guidanceScale, relationFactor];
  const sides = size ? [[size.width, size.height]] : [];
  const content = JSON.stringify([objects, relations, style, seed, steps, scales, sampler, schedule, ...sides]);
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}

/** Paints into the store what it does not have yet. @param onPicture is told of each picture that is there now */
export async function paintMissing(
  paintMany: PaintMany,
  jobs: readonly PaintJob[],
  store: PictureStore,
  onPicture: (job: PaintJob, picture: Picture) => void = () => {},
): Promise<void> {
  const missing = jobs.filter((job) => !store.has(job));
  await paintMany(missing, (picture, i) => {
    store.save(missing[i]!, picture);
    onPicture(missing[i]!, picture);
  });
}

/** A batch of pictures to be painted by another machine. */
export interface PaintOrder {
  /** Folder of the model package. */
  readonly model: SharedPath;
  /** `EvaluationModel.hash`: other weights of the same name would paint other pictures. */
  readonly weights: string;
  /** Of the picture store. */
  readonly folder: SharedPath;
  readonly jobs: readonly PaintJob[];
}

export interface Spread {
  readonly pool: WorkerPool;
  /** What a worker needs beside the jobs of a batch. */
  readonly order: Omit<PaintOrder, 'jobs'>;
}

/**
 * Pictures of all jobs, from the store where it has them. Equal jobs are painted once.
 * @param onProgress is told how many different pictures are ready, of how many.
 * @param spread who paints; this process unless said otherwise.
 */
export async function paintOrLoad(
  paintMany: PaintMany,
  jobs: readonly PaintJob[],
  store: PictureStore,
  onProgress: (ready: number, total: number) => void = () => {},
  spread?: Spread,
): Promise<Picture[]> {
  const different = new Map(jobs.map((job) => [jobKey(job), job]));
  const ready = new Map<string, Picture>();
  const load = async (key: string, job: PaintJob) => {
    if (ready.has(key)) return;
    const picture = await store.load(job);
    if (picture !== undefined) ready.set(key, picture);
  };
  for (const [key, job] of different) await load(key, job);
  onProgress(ready.size, different.size);
  // Graphs of one size share a batch without padding.
  const missing = [...different.values()]
    .filter((job) => !ready.has(jobKey(job)))
    .sort((a, b) => tokenCount(a) - tokenCount(b));
  const batches = Array.from({ length: Math.ceil(missing.length / PICTURES_PER_BATCH) }, (_, i) =>
    missing.slice(i * PICTURES_PER_BATCH, (i + 1) * PICTURES_PER_BATCH),
  );
  await (spread?.pool ?? alone).run<Pick<PaintOrder, 'jobs'>>({
    name: 'paint',
    jobs: batches.map((batch) => ({ ...spread?.order, jobs: batch })),
    work: (batch) =>
      paintMissing(paintMany, batch.jobs, store, (job, picture) => {
        ready.set(jobKey(job), picture);
        onProgress(ready.size, different.size);
      }),
    isDone: (batch) => batch.jobs.every((job) => store.has(job)),
    async onDone(batch) {
      for (const job of batch.jobs) await load(jobKey(job), job);
      onProgress(ready.size, different.size);
    },
  });
  return jobs.map((job) => ready.get(jobKey(job))!);
}

const tokenCount = ({ graph }: PaintJob): number => graph.objects.length + graph.relations.length;
