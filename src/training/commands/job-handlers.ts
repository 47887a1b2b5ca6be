/** What a worker can do. Each handler's libraries are read when its first job comes. */
import type { JobHandler, JobName } from '#training/jobs/job.ts';

const handlers: Readonly<Record<JobName, () => Promise<JobHandler>>> = {
  generate: async () => (await import('./batch/generate-handler.ts')).generateHandler,
  latents: async () => (await import('#training/stages/stage-handlers.ts')).latentsHandler,
  paint: async () => (await import('#training/evaluation/painting/paint-handler.ts')).paintHandler,
  trial: async () => (await import('#training/stages/stage-handlers.ts')).trialHandler,
};

export const doJob = async (name: JobName, content: unknown): Promise<string> => (await handlers[name]())(content);
