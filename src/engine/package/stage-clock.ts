import type { PaintingStages } from './graph-painter.ts';

/** How long each part of a picture takes. */
export class StageClock {
  readonly stages = { read: 0, denoise: 0, decode: 0 };

  async time<Result>(stage: keyof PaintingStages, work: () => Promise<Result>): Promise<Result> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.stages[stage] += performance.now() - start;
    }
  }
}
