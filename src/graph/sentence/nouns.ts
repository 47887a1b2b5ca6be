/** From words to labels: the longest name of a thing that stands at a place of a sentence. */
import { labelOfAlias } from '#graph/words/aliases.ts';
import { singularsOf } from '#graph/words/singular.ts';
import { newDeterminers, type SentenceWord } from './tagged-words.ts';

export interface Noun {
  /** In words. */
  readonly length: number;
  readonly label: string;
  readonly isPlural: boolean;
  /** Whether the label is a word of the model, or stands for one ("lamb" → sheep); other labels stay as they were typed. */
  readonly isKnown: boolean;
}

/** Plural in form, one thing to look at. */
const pairs = new Set(['pants', 'shorts', 'jeans', 'trousers', 'glasses', 'sunglasses', 'spectacles', 'skis']);
/** Where things are, and no things: "to its left". */
const places = new Set(
  'left right top bottom side front back middle center centre background foreground distance corner edge'.split(' '),
);
const LONGEST_NAME = 3;

/** @param labels null for a model that takes every word */
export function nounAt(words: readonly SentenceWord[], at: number, labels: readonly string[] | null): Noun | undefined {
  for (let length = Math.min(LONGEST_NAME, words.length - at); length > 0; length--) {
    const parts = words.slice(at, at + length);
    if (parts.slice(0, -1).some(({ stop }) => stop !== 'none') || parts.some(({ text }) => text === '')) continue;
    const known = labels && knownNoun(parts.map(({ word }) => word).join(' '), labels);
    if (known) return { length, ...known, isKnown: true };
  }
  const word = words[at];
  if (word?.kind !== 'noun' || isPlace(words, at)) return undefined;
  // "two glasses of wine" are no spectacles.
  if (word.word === 'glasses' && words[at + 1]?.word === 'of')
    return { length: 1, label: 'glass', isPlural: true, isKnown: false };
  const isPlural = word.root !== word.word && !pairs.has(word.word);
  return { length: 1, label: isPlural ? word.root : word.word, isPlural, isKnown: false };
}

/** "the left", but "a yellow front", "a street corner" and "the front wheel". */
function isPlace(words: readonly SentenceWord[], at: number): boolean {
  const [before, word, next] = [words[at - 1], words[at]!, words[at + 1]];
  if (!places.has(word.root)) return false;
  const isPart = word.stop === 'none' && next?.kind === 'noun' && next.root === next.word;
  const isOfName = before !== undefined && before.stop === 'none' && (before.kind === 'noun' || isNewBefore(words, at));
  return !isPart && !isOfName;
}

/** Whether "a" or "an" stands before it, with adjectives between. */
function isNewBefore(words: readonly SentenceWord[], at: number): boolean {
  let i = at - 1;
  while (i > 0 && words[i]!.kind === 'adjective') i--;
  return i < at - 1 && newDeterminers.has(words[i]!.word);
}

function knownNoun(name: string, labels: readonly string[]): Pick<Noun, 'label' | 'isPlural'> | undefined {
  if (labels.includes(name)) return { label: name, isPlural: false };
  const label = labelOfAlias(name, labels);
  if (label === undefined) return undefined;
  const isSingularOf = (form: string) => form !== name && (form === label || labelOfAlias(form, labels) === label);
  return { label, isPlural: !pairs.has(name) && singularsOf(name).some(isSingularOf) };
}
