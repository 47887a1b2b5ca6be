/** Some pictures of `npm run generate`, as work for another machine. */
import * as v from 'valibot';
import { settingsSchema } from '#engine/contract/generation-settings.ts';
import { parseSceneGraph } from '#graph/files/parse.ts';
import { findModel, openModel } from '#training/commands/open-model.ts';
import { weightsHash } from '#training/commands/painters.ts';
import type { JobHandler } from '#training/jobs/job.ts';
import { pathHere, sharedPathSchema } from '#training/run/cache-folder.ts';
import type { PaintingOrder } from './painting-messages.ts';
import { PaintingThreads, threadRoom } from './painting-threads.ts';
import { ResultStore } from './result-store.ts';

/** Opening the package, a second for each thread, must not weigh; a run of a thousand pictures still falls into enough pieces. */
export const PICTURES_PER_JOB = 16;

const jobSchema = v.object({
  model: sharedPathSchema,
  weights: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  folder: sharedPathSchema,
  orders: v.pipe(
    v.array(
      v.object({
        subject: v.union([
          v.strictObject({ prompt: v.string(), negative: v.optional(v.string()) }),
          v.record(v.string(), v.unknown()),
        ]),
        settings: settingsSchema,
      }),
    ),
    v.maxLength(PICTURES_PER_JOB),
  ),
});

/** What lies in the queue. */
export type GenerateJob = Omit<v.InferInput<typeof jobSchema>, 'orders'> & {
  readonly orders: readonly PaintingOrder[];
};

export const generateHandler: JobHandler = async (content) => {
  const { weights, ...job } = v.parse(jobSchema, content);
  const folder = pathHere(job.model);
  const opened = await openModel(await findModel(folder, ''));
  try {
    const hash = await weightsHash(opened);
    if (hash !== weights) {
      throw new Error(`${folder} has other weights here (${hash}) than in the run (${weights}): copy the package`);
    }
    const store = new ResultStore(pathHere(job.folder));
    const orders = job.orders.map(({ subject, settings }, i): PaintingOrder => {
      const isText = (given: typeof subject): given is { prompt: string } => 'prompt' in given;
      return { subject: isText(subject) ? subject : parseSceneGraph(subject, `orders[${i}].subject`), settings };
    });
    const missing = orders.filter((order) => !store.has(order));
    const threads =
      opened.model.kind === 'picturebook'
        ? new PaintingThreads(folder, Math.max(1, Math.min(threadRoom(), missing.length)))
        : undefined;
    const queue = missing.values();
    const paintNext = async (): Promise<void> => {
      for (const order of queue) {
        const { subject, settings } = order;
        store.save(order, await (threads ? threads.paint(order) : opened.engine.generate(subject, settings)));
      }
    };
    await Promise.all(Array.from({ length: threads?.count ?? 1 }, paintNext)).finally(() => threads?.close());
    return `${orders.length} pictures`;
  } finally {
    await opened.engine.release();
  }
};
