/**
 * A piece of work that another machine may do. Its result is a file in the folder that all machines share, which appears whole or not at
 * all; so a job may be done by whoever comes, a worker may die of it, and doing it again changes nothing.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';

export const jobNames = ['generate', 'latents', 'paint', 'trial'] as const;
export type JobName = (typeof jobNames)[number];

/** Changes whenever the same job would be written or done otherwise. */
const JOB_VERSION = 1;

/** What lies in the queue. */
export const jobEnvelope = v.object({
  version: v.literal(JOB_VERSION, 'was written by another version of Sgraffito: bring both machines to the same one'),
  content: v.unknown(),
});

export const inEnvelope = (content: unknown): v.InferOutput<typeof jobEnvelope> => ({ version: JOB_VERSION, content });

/** The same on every machine and in every run: two runs that need one thing ask for it once. */
export function jobId(name: JobName, content: unknown): string {
  const text = JSON.stringify([name, JOB_VERSION, content]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Does a job that a stranger wrote. @returns what was done, for the worker's log. @throws Error when it is no such job, or fails */
export type JobHandler = (content: unknown) => Promise<string>;

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

export interface WorkerPool {
  /** @throws what the first job that fails by its own fault threw, or JobsError. What is done until then stays done. */
  run<Content>(list: JobList<Content>): Promise<void>;
  close(): Promise<void>;
}
