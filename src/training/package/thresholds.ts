/** The verifier's presence threshold per label, chosen on validation scenes. */

import { GraphBuilder } from '#onnx/graph-builder.ts';
import { partMaps } from '#training/corpus/sample/sights.ts';
import { SceneStream } from '#training/corpus/sample/stream.ts';
import { partNames } from '#training/corpus/world/parts.ts';
import { otherNames } from '#training/corpus/world/phrases.ts';
import type { RenderedScene } from '#training/corpus/world/scene.ts';
import { verifier as buildVerifier, presenceOf } from '#training/networks/verifier.ts';
import type { StageContext } from '#training/run/context.ts';
import { seenSize } from '#training/run/model-config.ts';
import { imageBatch } from '#training/stages/feeds/batches.ts';
import { ForwardPass } from '#training/trainer/training-step.ts';

const BATCH = 32;
const CANDIDATES = Array.from({ length: 18 }, (_, i) => 0.05 + 0.05 * i);
/** For labels that validation scenes hardly show: what the others have on the average. */
const FALLBACK = 0.3;
const MIN_EXAMPLES = 5;
const LEAST_PART = 0.2;

/**
 * For each label the threshold on its strongest cell that tells scenes that show it best from scenes that do not. All things are shown alike:
 * of usual scenes it takes thousands to see a rare one five times.
 */
export async function verifierThresholds(
  context: StageContext,
  weights: ReadonlyMap<string, Float32Array>,
): Promise<number[]> {
  const { config, world, device } = context;
  const labels = world.objects;
  const size = seenSize(config);
  const g = new GraphBuilder();
  const image = g.input('image', [BATCH, 3, size, size]);
  g.output('presence', presenceOf(g, buildVerifier(g, config.verifier, image), labels));
  const forward = await ForwardPass.create(g, device);
  const stream = new SceneStream({
    split: 'validation',
    size,
    grid: 16,
    things: config.autoencoder.things,
    evenly: 1,
    start: 0,
  });
  const cells = (size / 8) ** 2;
  const scored: { readonly strongest: number[]; readonly shown: Set<string> }[] = [];
  for (let done = 0; done < config.verifier.thresholdScenes; done += BATCH) {
    const scenes = Array.from({ length: BATCH }, () => stream.next().rendered);
    const { presence } = (await forward.run({ image: imageBatch(scenes) }, weights)) as { presence: Float32Array };
    scenes.forEach((rendered, index) => {
      const strongest = labels.map((_, label) => {
        const from = (index * labels.length + label) * cells;
        return presence.subarray(from, from + cells).reduce((max, value) => Math.max(max, value), 0);
      });
      scored.push({ strongest, shown: shownWords(rendered) });
    });
  }
  await forward.release();
  return labels.map((label, index) =>
    bestThreshold(scored.map(({ strongest, shown }) => [strongest[index]!, shown.has(label)])),
  );
}

/** Every name of what is there, and the parts that fill at least this share of a cell. */
function shownWords(rendered: RenderedScene): Set<string> {
  const cells = rendered.grid ** 2;
  const parts = partMaps(rendered, rendered.grid);
  return new Set([
    ...rendered.scene.objects.flatMap(({ label }) => [label, ...otherNames(label)]),
    ...partNames.filter((_, i) => parts.subarray(i * cells, (i + 1) * cells).some((share) => share > LEAST_PART)),
  ]);
}

/**
 * The candidate with the largest share of hits less that of false alarms (Youden 1950); the middle one of equals. The verifier is asked for
 * what a graph names, which is there more often than not. F1 takes it for as rare as it is among all scenes: of real pictures it then
 * missed 13 % of the objects instead of 7, with 15 % false alarms instead of 16.
 */
export function bestThreshold(scores: readonly (readonly [score: number, shown: boolean])[]): number {
  const shown = scores.flatMap(([score, isShown]) => (isShown ? [score] : []));
  const hidden = scores.flatMap(([score, isShown]) => (isShown ? [] : [score]));
  if (shown.length < MIN_EXAMPLES) return FALLBACK;
  const shareOf = (all: readonly number[], threshold: number) =>
    all.length === 0 ? 0 : all.filter((score) => score >= threshold).length / all.length;
  const quality = CANDIDATES.map((threshold) => shareOf(shown, threshold) - shareOf(hidden, threshold));
  const best = Math.max(...quality);
  const equals = CANDIDATES.filter((_, index) => quality[index] === best);
  return Number(equals[Math.floor(equals.length / 2)]!.toFixed(2));
}
