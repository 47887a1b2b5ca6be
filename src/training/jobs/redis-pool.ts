/**
 * Jobs spread over machines by BullMQ: every run puts its jobs into one queue, every worker takes from it. What keeps a job from being
 * done twice is its id; what keeps a result from being lost is that it is a file before its job counts as done.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { inEnvelope, type JobList, jobId, type WorkerPool } from './job.ts';
import { JobsError } from './jobs-error.ts';
import { connectRedis, QUEUE, withoutPassword } from './redis-connection.ts';

/** A list of what is finished is asked for: unlike an event, it cannot be missed. Jobs take seconds, so this costs nothing. */
const POLL_MS = 250;
/** Silence that is worth a look at whether anyone works, and whether Redis still has the jobs. */
const LOOK_MS = 5_000;
const SAY_IDLE_EVERY_MS = 60_000;
const PATIENCE_SECONDS = 30;
/** What no run came back for. */
const KEEP_SECONDS = 24 * 3600;
/** A file that another machine has written may be seen here a little later: NFS keeps what it knows of a folder for a minute at most. */
const SEEN_WITHIN_MS = 65_000;
const STALLED_TOO_OFTEN = /stalled more than/;

/** @throws JobsError as `connectRedis` */
export async function openRedisPool(address: string, say: (line: string) => void): Promise<WorkerPool> {
  const redis = await connectRedis(address, { say, patience: PATIENCE_SECONDS });
  const place = withoutPassword(address);
  const queue = new Queue<unknown, unknown, string>(QUEUE, {
    connection: redis,
    // Nobody listens to events.
    streams: { events: { maxLen: 1 } },
    defaultJobOptions: { removeOnComplete: { age: KEEP_SECONDS }, removeOnFail: { age: KEEP_SECONDS } },
  });
  queue.on('error', () => undefined); // said by the connection
  return {
    async run(list) {
      try {
        await new Run(queue, list, place, say).finish();
      } catch (error) {
        if (redis.status !== 'end') throw error;
        throw new JobsError(
          `${place} did not come back within ${PATIENCE_SECONDS} seconds. What is done is kept: start it, and run the same command again.`,
        );
      }
    },
    async close() {
      await queue.close();
      redis.disconnect();
    },
  };
}

/** One list of jobs on its way. */
class Run<Content> {
  readonly #queue: Queue<unknown, unknown, string>;
  readonly #list: JobList<Content>;
  readonly #place: string;
  readonly #say: (line: string) => void;
  /** By id: jobs whose result is not here yet. */
  readonly #pending: Map<string, Content>;

  constructor(
    queue: Queue<unknown, unknown, string>,
    list: JobList<Content>,
    place: string,
    say: (line: string) => void,
  ) {
    this.#queue = queue;
    this.#list = list;
    this.#place = place;
    this.#say = say;
    this.#pending = new Map(list.jobs.map((content) => [jobId(list.name, content), content]));
  }

  async finish(): Promise<void> {
    // Of an earlier run: failures are tried again, and what was done has lost its result, or nobody would ask for it.
    for (const id of await this.#pendingAmong(['completed', 'failed'])) await this.#queue.remove(id);
    await this.#put([...this.#pending.keys()]);
    let heard = performance.now();
    let saidIdle = Number.NEGATIVE_INFINITY;
    while (this.#pending.size > 0) {
      const finished = await this.#pendingAmong(['completed', 'failed']);
      for (const id of finished) {
        await this.#takeIn(id);
        heard = performance.now();
      }
      const now = performance.now();
      if (now - heard > LOOK_MS) {
        heard = now;
        await this.#putWhatRedisLost();
        if (now - saidIdle > SAY_IDLE_EVERY_MS && (await this.#queue.getWorkersCount()) === 0) {
          this.#say(`No worker waits at ${this.#place}. Start one or more: npm run train -- work ${this.#place}`);
          saidIdle = now;
        }
      }
      if (finished.length === 0) await pause(POLL_MS);
    }
  }

  /** @throws JobsError when the job failed, after its fellows that nobody has begun were called off */
  async #takeIn(id: string): Promise<void> {
    const content = this.#pending.get(id)!;
    const failed = (await this.#queue.getJob(id))?.failedReason;
    if (failed) {
      await this.#callOff();
      throw new JobsError(
        STALLED_TOO_OFTEN.test(failed)
          ? `Every worker that took up job ${id} (${this.#list.name}) died of it; it may need more memory than they have.`
          : failed,
      );
    }
    if (!(await this.#isSeen(content))) {
      await this.#callOff();
      throw new JobsError(
        `A worker did job ${id} (${this.#list.name}), but its result is not here: all machines must share one folder, named by SGRAFFITO_CACHE.`,
      );
    }
    await this.#settle(id);
    await this.#queue.remove(id);
  }

  async #settle(id: string): Promise<void> {
    await this.#list.onDone?.(this.#pending.get(id)!);
    this.#pending.delete(id);
  }

  async #isSeen(content: Content): Promise<boolean> {
    const end = performance.now() + SEEN_WITHIN_MS;
    while (!this.#list.isDone(content)) {
      if (performance.now() > end) return false;
      await pause(POLL_MS);
    }
    return true;
  }

  async #callOff(): Promise<void> {
    for (const id of await this.#pendingAmong(['waiting', 'completed', 'failed'])) await this.#queue.remove(id);
  }

  /** A Redis that was started again may have forgotten everything; another run may have taken in what both asked for. */
  async #putWhatRedisLost(): Promise<void> {
    const known = new Set(await this.#pendingAmong(['waiting', 'active', 'delayed', 'completed', 'failed']));
    const lost = [...this.#pending].filter(([id]) => !known.has(id));
    const isDone = lost.map(([, content]) => this.#list.isDone(content));
    for (const [i, [id]] of lost.entries()) if (isDone[i]) await this.#settle(id);
    await this.#put(lost.filter((_, i) => !isDone[i]).map(([id]) => id));
  }

  /** What is in the queue already, waiting or in work, stays as it is. */
  async #put(ids: readonly string[]): Promise<void> {
    await this.#queue.addBulk(
      ids.map((id) => ({
        name: this.#list.name,
        data: inEnvelope(this.#pending.get(id)),
        opts: { jobId: id },
      })),
    );
  }

  async #pendingAmong(states: Parameters<Queue['getRanges']>[0]): Promise<string[]> {
    const ids = await this.#queue.getRanges(states, 0, -1);
    return ids.filter((id) => this.#pending.has(id));
  }
}
