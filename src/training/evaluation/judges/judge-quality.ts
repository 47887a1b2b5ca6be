/** How good is the judge itself? Its judgements of real pictures against the scenes that were drawn. */
import { overlapOf } from '#graph/places/geometry.ts';
import { partBox, partsOf } from '#training/corpus/world/parts.ts';
import { type Box, isThing, type Scene } from '#training/corpus/world/scene.ts';
import type { Style } from '#training/corpus/world/setting.ts';
import { finiteOrNull, meanOf } from '#training/evaluation/scores/score.ts';
import { isCalled } from '#training/evaluation/study/scene-match.ts';
import type { Detected, Judgement } from './judge.ts';

export interface LabelQuality {
  /** Detections that meet something of their name ÷ detections; a woman is a lady and a person too, and has hands whether the scene says so or not. */
  readonly precision: number | null;
  /** Objects that a detection of their label meets ÷ objects. */
  readonly recall: number | null;
  /** Mean distance between the centres of object and detection, in picture widths. */
  readonly placeError: number | null;
  /** Mean overlap of their boxes: intersection ÷ union. */
  readonly overlap: number | null;
  /** Objects of this label. */
  readonly n: number;
}

export interface JudgeQuality {
  readonly all: LabelQuality;
  readonly perLabel: Readonly<Record<string, LabelQuality>>;
}

interface Match {
  readonly label: string;
  readonly placeError: number;
  readonly overlap: number;
}

/**
 * Recall, place and overlap: within a picture and a label, detections and objects are paired by the largest overlap first; a pair needs some
 * overlap. Precision and recall are ratios in [0, 1], higher is better; the place error is best at 0.
 */
export function judgeQuality<Detection extends Detected>(
  scenes: readonly Scene[],
  judgements: readonly Judgement<Detection>[],
): JudgeQuality {
  const labelled = scenes.flatMap(({ objects }) => objects.map(({ label }) => label));
  const detected = judgements.flatMap(({ detections }) => detections.map(({ label }) => label));
  const matches = scenes.flatMap(({ objects }, i) => matchesOf(objects, judgements[i]!.detections));
  const right = scenes.flatMap((scene, i) => rightOf(scene, judgements[i]!.detections));
  const qualityOf = (is: (label: string) => boolean): LabelQuality => {
    const [own, found] = [labelled.filter(is).length, detected.filter(is).length];
    const met = matches.filter(({ label }) => is(label));
    return {
      precision: finiteOrNull(right.filter(({ label }) => is(label)).length / found),
      recall: finiteOrNull(met.length / own),
      placeError: finiteOrNull(meanOf(met.map(({ placeError }) => placeError))),
      overlap: finiteOrNull(meanOf(met.map(({ overlap }) => overlap))),
      n: own,
    };
  };
  const labels = [...new Set([...labelled, ...detected])].sort();
  return {
    all: qualityOf(() => true),
    perLabel: Object.fromEntries(labels.map((label) => [label, qualityOf((other) => other === label)])),
  };
}

interface Labelled {
  readonly label: string;
  readonly box: Box;
}

/** Detections that overlap something that may be called so: an object, or a part that its drawing has. */
function rightOf({ objects, style }: Scene, detections: readonly Labelled[]): Labelled[] {
  const parts = objects.filter(isThing).flatMap(({ label, box, shown = 1 }) =>
    partsOf(label, style as Style)
      .filter((part) => part.box[3] <= shown)
      .map((part) => ({ label: part.name, box: partBox(part.box, box, shown) })),
  );
  const there: readonly Labelled[] = [...objects, ...parts];
  return detections.filter(({ label, box }) =>
    there.some((one) => isCalled(one.label, label) && overlapOf(one.box, box) > 0),
  );
}

function matchesOf(objects: readonly Labelled[], detections: readonly Labelled[]): Match[] {
  const candidates = objects
    .flatMap((object) =>
      detections
        .filter(({ label }) => label === object.label)
        .map((detection) => ({ object, detection, overlap: overlapOf(object.box, detection.box) })),
    )
    .filter(({ overlap }) => overlap > 0)
    .sort((a, b) => b.overlap - a.overlap);
  const taken = new Set<Labelled>();
  return candidates.flatMap(({ object, detection, overlap }) => {
    if (taken.has(object) || taken.has(detection)) return [];
    taken.add(object).add(detection);
    return [{ label: object.label, placeError: centreDistance(object.box, detection.box), overlap }];
  });
}

const centreDistance = (a: Box, b: Box): number =>
  Math.hypot((a[0] + a[2] - b[0] - b[2]) / 2, (a[1] + a[3] - b[1] - b[3]) / 2);
