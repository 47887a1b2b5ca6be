/** Who does a list of jobs: this process alone, one after the other, or workers on any number of machines. */
import type { WorkerPool } from './job.ts';

export const alone: WorkerPool = {
  async run({ jobs, work, onDone }) {
    for (const content of jobs) {
      await work(content);
      await onDone?.(content);
    }
  },
  close: async () => undefined,
};

/**
 * @param workers address of a Redis that workers wait at; without one everything is done in this process
 * @throws JobsError when the address is none, or nobody answers there
 */
export async function openWorkerPool(workers: string | undefined, say: (line: string) => void): Promise<WorkerPool> {
  if (workers === undefined) return alone;
  return (await import('./redis-pool.ts')).openRedisPool(workers, say);
}
