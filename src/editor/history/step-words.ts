/** What changed from one picture to the next, in words: its graph, its settings, and what painted it. */
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import type { Recipe } from '#engine/contract/recipe.ts';
import { changesBetween } from '#graph/words/changes.ts';

export interface StepWords {
  /** Short ones, for an edge between two pictures: "left of → right of", "+ dog", "seed 3 → 4". Empty where nothing changed. */
  readonly labels: readonly string[];
  /** One per label, in their order: "sheep left of tree → sheep right of tree". */
  readonly sentences: readonly string[];
}

/** Of two pictures of one document: only there do the ids of their graphs mean the same objects. */
export function stepBetween(before: Recipe, after: Recipe): StepWords {
  const graph = changesBetween(before.graph, after.graph);
  const others = [...settingChanges(before.settings, after.settings), ...painterChanges(before, after)];
  return { labels: [...graph.labels, ...others], sentences: [...graph.sentences, ...others] };
}

type Reading = readonly [name: string, read: (settings: GenerationSettings) => string | number];

const readings: readonly Reading[] = [
  ['seed', ({ seed }) => seed],
  ['style', ({ style }) => style],
  ['steps', ({ steps }) => steps],
  ['guidance', ({ guidanceScale }) => guidanceScale],
  ['relations ×', ({ relationFactor = 1 }) => relationFactor],
  ['sampler', ({ sampler }) => sampler],
  ['size', ({ size }) => (size ? `${size.width} × ${size.height}` : 'the model’s')],
];

const settingChanges = (before: GenerationSettings, after: GenerationSettings): readonly string[] =>
  readings.flatMap(([name, read]) => change(name, read(before), read(after)));

function painterChanges(before: Recipe, after: Recipe): readonly string[] {
  return [
    ...change('model', before.model, after.model),
    ...change('painted over', overOf(before), overOf(after)),
    // Each such picture kept the rest of the one before it.
    ...(after.keep ? ['the rest kept'] : []),
  ];
}

const overOf = ({ over }: Recipe): string => (over ? `${over.model} ${Math.round(over.strength * 100)} %` : 'no');

const change = (name: string, before: string | number, after: string | number): readonly string[] =>
  before === after ? [] : [`${name} ${before} → ${after}`];
