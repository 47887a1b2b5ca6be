/** What an evaluation writes to its file, and what a manifest keeps of it. */
import type { EvaluationScores } from './evaluation.ts';
import type { EvaluationRun, Painter } from './run-evaluation.ts';

export type PicturesOf = (typeof paintedBy)[Painter] | 'given';

/** What each painter's pictures are; `given` are files that something else made. */
export const paintedBy = { model: 'painted', labels: 'painted from labels', retrieval: 'retrieved' } as const;

export interface EvaluationJson extends EvaluationScores {
  /** What was evaluated and how: enough to get the same numbers again. */
  readonly run: {
    readonly model: string;
    readonly weights: string;
    readonly pictures: PicturesOf;
    readonly graphs: number;
    readonly seed: number;
    readonly steps: number;
    readonly guidanceScale: number;
    readonly relationFactor: number;
    readonly sampler: string;
    /** Of the pictures: "256 × 256". */
    readonly image: string;
  };
}

export function evaluationJson(
  { facts, modelHash, settings, image, plan, evaluation }: EvaluationRun,
  seed: number,
  pictures: PicturesOf = 'painted',
): EvaluationJson {
  return {
    ...evaluation.scores,
    run: {
      model: facts.name,
      weights: modelHash,
      pictures,
      graphs: plan.graphs.length,
      seed,
      ...settings,
      image: `${image.width} × ${image.height}`,
    },
  };
}

/** The part that a manifest keeps: every score without its details, and the run. */
export function manifestEvaluation({ run, ...scores }: EvaluationJson): Readonly<Record<string, unknown>> {
  const { study: _study, judge, ...measured } = scores;
  const { directions: edgeFlipDirections, shown: edgeFlipShown } = measured.edgeFlip;
  const rows = { ...measured, edgeFlipDirections, edgeFlipShown };
  const brief = Object.entries(rows).map(([name, { value, ceiling, floor, n, interval, unit }]) => [
    name,
    { value, ceiling, floor, n, interval, unit },
  ]);
  return { ...Object.fromEntries(brief), ...(judge && { judge: judge.all }), run };
}
