/** The perturbation study, kind by kind: does the picture follow the change, and does the rest stay? */

import type { Detected, Judge } from './judges/judge.ts';
import { flipOutcome, type PaintedPair, touchedBoxes } from './pair-scores.ts';
import { isolation } from './scores/isolation.ts';
import { finiteOrNull, meanOf } from './scores/score.ts';
import { type StudyKind, studyKinds } from './study/perturbation-study.ts';

export interface StudyRow {
  readonly kind: StudyKind;
  readonly n: number;
  /** Share of pairs whose pictures follow the change; null where the change asks for nothing that can be seen. */
  readonly followed: number | null;
  readonly isolation: number | null;
}

/** One row per kind of perturbation that occurs. */
export function perturbationStudy<Detection extends Detected>(
  pairs: readonly PaintedPair<Detection>[],
  judge: Judge<Detection>,
): readonly StudyRow[] {
  return [...studyKinds, 'turned' as const].flatMap((kind) => {
    const ofKind = pairs.filter((pair) => pair.kind === kind);
    if (ofKind.length === 0) return [];
    const followed = ofKind.map((pair) => follows(pair, judge)).filter((value) => value !== undefined);
    const still = ofKind.map((pair) => isolation(...pair.pictures, touchedBoxes(pair)));
    return [
      {
        kind,
        n: ofKind.length,
        followed: finiteOrNull(meanOf(followed.map(Number))),
        isolation: finiteOrNull(meanOf(still.filter((value) => value !== undefined))),
      },
    ];
  });
}

/**
 * `opposite`, `swap`: each picture satisfies its own relation. `relabel`: the old label was there and is not any more, the new one is. `remove object`: one
 * detection less. `remove relation` and `turned` ask for nothing.
 */
export function follows<Detection extends Detected>(
  pair: PaintedPair<Detection>,
  judge: Judge<Detection>,
): boolean | undefined {
  const count = (side: 0 | 1, label: string) =>
    pair.judgements[side].detections.filter((detection) => detection.label === label).length;
  switch (pair.kind) {
    case 'opposite':
    case 'swap': {
      const { before, after } = flipOutcome(pair, pair.judgements, judge);
      return before && after;
    }
    case 'relabel': {
      const [from, to] = pair.touched as [string, string];
      return count(0, from) > count(1, from) && count(1, to) > count(0, to);
    }
    case 'remove object':
      return count(1, pair.touched[0]!) < count(0, pair.touched[0]!);
    case 'remove relation':
    case 'turned':
      return undefined;
    default:
      return pair.kind satisfies never;
  }
}
