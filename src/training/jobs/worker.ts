/** `npm run train -- work redis://…`: takes jobs of whatever run put them there, one at a time, until it is told to stop. */
import { hostname } from 'node:os';
import { UnrecoverableError, Worker } from 'bullmq';
import * as v from 'valibot';
import { type JobName, jobEnvelope, jobNames } from './job.ts';
import { connectRedis, QUEUE, withoutPassword } from './redis-connection.ts';

/** A job whose workers die this often is to blame itself. */
const LIVES = 5;
/** Workers outlive a Redis that is started again. */
const PATIENCE_SECONDS = 24 * 3600;

export interface WorkOptions {
  /** Does one job. @returns what was done, for the log. @throws Error when the content is no such job, or the work fails */
  readonly doJob: (name: JobName, content: unknown) => Promise<string>;
  /** Seconds without a sign of life after which a worker counts as dead and its job goes to another. */
  readonly lostAfter: number;
  readonly say: (line: string) => void;
  /** Finishes the job in hand, then returns. */
  readonly signal: AbortSignal;
}

/** @throws JobsError when Redis cannot be reached. */
export async function workOff(address: string, { doJob, lostAfter, say, signal }: WorkOptions): Promise<void> {
  const redis = await connectRedis(address, { say, patience: PATIENCE_SECONDS });
  const worker = new Worker<unknown, unknown, string>(
    QUEUE,
    async ({ id = '', name, data }) => {
      const started = performance.now();
      const short = `${name} ${id.slice(0, 8)}`;
      say(`${short}: begun`);
      try {
        const what = await doJob(v.parse(v.picklist(jobNames), name), v.parse(jobEnvelope, data).content);
        say(`${short}: ${what}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
      } catch (error) {
        const message = firstLine(error);
        say(`${short}: failed: ${message}`);
        throw new UnrecoverableError(`Worker ${hostname()}: ${message}`);
      }
    },
    {
      connection: redis,
      lockDuration: lostAfter * 1000,
      stalledInterval: (lostAfter * 1000) / 2,
      maxStalledCount: LIVES,
    },
  );
  // A lost connection is said by the connection itself.
  worker.on('error', (error) => {
    if (/lock/i.test(error.message))
      say('That job went to another worker: this one gave no sign of life for too long.');
  });
  await worker.waitUntilReady();
  say(`Waiting for jobs at ${withoutPassword(address)}`);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  say('Stopping as soon as the job in hand is done …');
  await worker.close();
  redis.disconnect();
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 1000);
