/**
 * A piece of work that another machine may do. Its result is a file in the folder that all machines share, which appears whole or not at
 * all; so a job may be done by whoever comes, a worker may die of it, and doing it again changes nothing.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';

export const jobNames = ['latents', 'paint', 'trial'] as const;
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
