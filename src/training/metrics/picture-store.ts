/** Painted pictures on disk, so that an evaluation can be stopped and run again, and a second report costs nothing. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Networks } from '#diffusion/networks.ts';
import type { Picture } from '#diffusion/picture.ts';
import type { PaintModel } from '#diffusion/pipeline.ts';
import { tokenGraphOf } from '#diffusion/tokens.ts';
import { type PaintJob, paintMany } from './paint-many.ts';
import { encodePng, readPicture } from './picture-file.ts';

export class PictureStore {
  readonly #folder: string;

  /** @param folder of one model: pictures of other weights must never meet these. */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  async load(job: PaintJob): Promise<Picture | undefined> {
    const path = this.#pathOf(job);
    return existsSync(path) ? readPicture(path) : undefined;
  }

  /** The file appears whole or not at all, whenever the process is killed. */
  save(job: PaintJob, picture: Picture): void {
    const path = this.#pathOf(job);
    const unfinished = `${path}.${process.pid}.part`;
    writeFileSync(unfinished, encodePng(picture));
    renameSync(unfinished, path);
  }

  #pathOf(job: PaintJob): string {
    return join(this.#folder, `${jobKey(job)}.png`);
  }
}

/** A hash of everything that decides the picture: what the graph says, not its ids and positions, and the settings. */
export function jobKey({ graph, settings }: PaintJob): string {
  const { objects, relations, style } = tokenGraphOf(graph, settings.style);
  const { seed, steps, guidanceScale, sampler, schedule = 'karras' } = settings;
  const content = JSON.stringify([objects, relations, style, seed, steps, guidanceScale, sampler, schedule]);
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}

/**
 * Pictures of all jobs, from the store where it has them. Equal jobs are painted once.
 * @param onProgress is told how many different pictures are ready, of how many.
 */
export async function paintOrLoad(
  networks: Networks,
  model: PaintModel,
  jobs: readonly PaintJob[],
  store: PictureStore,
  onProgress: (ready: number, total: number) => void = () => {},
): Promise<Picture[]> {
  const different = new Map(jobs.map((job) => [jobKey(job), job]));
  const ready = new Map<string, Picture>();
  for (const [key, job] of different) {
    const picture = await store.load(job);
    if (picture !== undefined) ready.set(key, picture);
  }
  onProgress(ready.size, different.size);
  // Graphs of one size share a batch without padding.
  const missing = [...different]
    .filter(([key]) => !ready.has(key))
    .sort(([, a], [, b]) => tokenCount(a) - tokenCount(b));
  await paintMany(
    networks,
    model,
    missing.map(([, job]) => job),
    (picture, i) => {
      const [key, job] = missing[i]!;
      store.save(job, picture);
      ready.set(key, picture);
      onProgress(ready.size, different.size);
    },
  );
  return jobs.map((job) => ready.get(jobKey(job))!);
}

const tokenCount = ({ graph }: PaintJob): number => graph.objects.length + graph.relations.length;
