/** Who does a list of jobs: this process alone, one after the other, or workers on any number of machines. */
import type { JobName } from './job.ts';

export interface JobList<Content> {
  readonly name: JobName;
  /** Plain JSON: everything that a worker must know. */
  readonly jobs: readonly Content[];
  /** How this process does a job, where it is the one to do it. */
  work(content: Content): Promise<void>;
  /** Whether a job's result is in the folder that all machines share. */
  isDone(content: Content): boolean;
  /** Told of each job whose result is there, in any order. */
  onDone?(content: Content): void | Promise<void>;
}

export interface Crew {
  /** @throws what the first job that fails by its own fault threw, or JobsError. What is done until then stays done. */
  run<Content>(list: JobList<Content>): Promise<void>;
  close(): Promise<void>;
}

export const alone: Crew = {
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
export async function openCrew(workers: string | undefined, say: (line: string) => void): Promise<Crew> {
  if (workers === undefined) return alone;
  return (await import('./redis-crew.ts')).openRedisCrew(workers, say);
}
