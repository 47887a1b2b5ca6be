/** The pictures of a run, painted by the workers that wait at a Redis, into the folder that all machines share. */
import { join } from 'node:path';
import type { OpenedModel } from '#training/commands/open-model.ts';
import { weightsHash } from '#training/commands/painters.ts';
import { openWorkerPool } from '#training/jobs/pool.ts';
import { cacheFolder, sharedPath } from '#training/run/cache-folder.ts';
import { type GenerateJob, generateHandler, PICTURES_PER_JOB } from './generate-handler.ts';
import type { PaintingOrder } from './painting-messages.ts';
import { ResultStore, type StoredResult } from './result-store.ts';

/**
 * @param folder of the model's package
 * @param onPicture is awaited with each order and what became of it
 * @throws JobsError, or what `onPicture` throws
 */
export async function paintByWorkers<Order extends PaintingOrder>(
  redis: string,
  opened: OpenedModel,
  folder: string,
  orders: readonly Order[],
  onPicture: (order: Order, result: StoredResult) => Promise<void>,
): Promise<void> {
  const weights = await weightsHash(opened);
  const shared = join(cacheFolder(), 'generate', weights);
  const store = new ResultStore(shared);
  const of = { model: sharedPath(folder), weights, folder: sharedPath(shared) };
  const batches = new Map(
    Array.from({ length: Math.ceil(orders.length / PICTURES_PER_JOB) }, (_, i) => {
      const batch = orders.slice(i * PICTURES_PER_JOB, (i + 1) * PICTURES_PER_JOB);
      const plain = batch.map(({ subject, settings }): PaintingOrder => ({ subject, settings }));
      const job: GenerateJob = { ...of, orders: plain };
      return [job, batch] as const;
    }),
  );
  const pool = await openWorkerPool(redis, (line) => process.stderr.write(`${line}\n`));
  try {
    await pool.run<GenerateJob>({
      name: 'generate',
      jobs: [...batches.keys()],
      work: async (job) => void (await generateHandler(job)),
      isDone: ({ orders: all }) => all.every((order) => store.has(order)),
      async onDone(job) {
        for (const order of batches.get(job)!) await onPicture(order, await store.load(order));
      },
    });
  } finally {
    await pool.close();
  }
}
