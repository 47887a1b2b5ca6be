/** What a worker can do. Each craft's libraries are read when its first job comes. */
import type { JobName } from './job.ts';

/** Does a job that a stranger wrote. @returns what was done, for the worker's log. @throws Error when it is no such job, or fails */
export type Craft = (content: unknown) => Promise<string>;

const crafts: Readonly<Record<JobName, () => Promise<Craft>>> = {
  latents: async () => (await import('../stages/stage-crafts.ts')).latentsCraft,
  paint: async () => (await import('../metrics/paint-craft.ts')).paintCraft,
  trial: async () => (await import('../stages/stage-crafts.ts')).trialCraft,
};

export const doJob = async (name: JobName, content: unknown): Promise<string> => (await crafts[name]())(content);
