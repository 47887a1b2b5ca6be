/** "Keep the rest" with a turned edge: does the edge turn, and is everything else where it was? */

import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import { inpaintingAfter } from '#engine/contract/keep-rest.ts';
import type { GenerationResult } from '#engine/contract/protocol.ts';
import type { Engine } from '#engine/engine.ts';
import { bindDetections } from '#engine/verifier/bind-detections.ts';
import type { Detection } from '#engine/verifier/detect.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { Judge, Judgement } from '#training/evaluation/judges/judge.ts';
import { isolation } from '#training/evaluation/scores/isolation.ts';
import { relationOutcomes } from '#training/evaluation/scores/relation-accuracy.ts';
import { labelGraphOf } from './evaluation-plan.ts';
import type { PerturbedPair } from './perturbation-study.ts';

/** Of a second picture, beside the first one of the pair. */
interface SecondPicture {
  readonly isTurned: boolean;
  /** In [0, 1], 1 when nothing changed beside the two ends of the edge; undefined when they cover nearly everything. */
  readonly kept: number | undefined;
  /** Labels of objects that are no end of the edge, that the judge found in the first picture and not in this one. */
  readonly lost: readonly string[];
}

export interface KeepRestTrial {
  readonly sentence: string;
  /** Painted anew with the seed of the first picture. */
  readonly anew: SecondPicture;
  readonly keptRest: SecondPicture;
}

/** @param pair of kind "opposite" */
export async function keepRestTrial(
  engine: Pick<Engine, 'generate'>,
  judge: Judge<Detection>,
  pair: PerturbedPair,
  settings: GenerationSettings,
  strength = 1,
): Promise<KeepRestTrial> {
  const first = await engine.generate(pair.before, settings);
  const inpainting = inpaintingAfter({ ...first, graph: pair.before }, pair.after, strength);
  const seconds = [
    await engine.generate(pair.after, settings),
    await engine.generate(pair.after, settings, { inpainting }),
  ];
  const pictures = [first, ...seconds].map(({ picture }) => picture);
  const [before, ...after] = await judge.look(pictures);
  const [anew, keptRest] = seconds.map((second, i) => compared(pair, judge, [first, second], [before!, after[i]!]));
  return { sentence: pair.sentence, anew: anew!, keptRest: keptRest! };
}

function compared(
  { before, after, touched, relationId }: PerturbedPair,
  { holds }: Judge<Detection>,
  [first, second]: readonly [GenerationResult, GenerationResult],
  judgements: readonly [Judgement<Detection>, Judgement<Detection>],
): SecondPicture {
  const [old, now] = judgements.map(({ detections }) => detections);
  const edge = after.relations.findIndex(({ id }) => id === relationId);
  const ends = judgements.flatMap(({ detections }) => detections.filter(({ label }) => touched.includes(label)));
  const found = (graph: SceneGraph, seen: readonly Detection[]) => bindDetections(labelGraphOf(graph), seen, holds);
  const [there, still] = [found(before, old!), found(after, now!)];
  return {
    isTurned: relationOutcomes(labelGraphOf(after), now!, holds)[edge]!.verdict === 'holds',
    kept: isolation(
      first.picture,
      second.picture,
      ends.map(({ box }) => box),
    ),
    lost: before.objects.flatMap(({ label }, i) => (there[i] && !still[i] && !touched.includes(label) ? [label] : [])),
  };
}
