/** Things in a sentence: determiner, number, attributes and the name ("the two white sheep"). */

import type { Vocabulary } from '#graph/vocabulary.ts';
import type { Chunk, Mention } from './chunk.ts';
import { isActionWord, isLinkWord, looksLikeVerb, saysWhatItDoes } from './links.ts';
import { nounAt } from './nouns.ts';
import type { SentenceWord, WordRole } from './tagged-words.ts';
import * as english from './tagged-words.ts';

/** A noun may stand this many words behind its determiner. */
const MODIFIERS = 6;

/** (quantity | determiner | number)* modifier* name number? */
export function thingAt(
  words: readonly SentenceWord[],
  from: number,
  before: Chunk | undefined,
  vocabulary: Vocabulary | null,
  roles: WordRole[],
): Chunk | undefined {
  if (saysWhatItDoes(words, from, before)) return undefined;
  let at = from;
  let count: number | undefined;
  let determiner: Mention['determiner'] = 'bare';
  let which: Mention['which'];
  const quantity = english.quantities.find(([phrase]) => english.isPhraseAt(words, at, phrase));
  if (quantity) {
    at += quantity[0].split(' ').length;
    count = quantity[1];
    determiner = 'new';
  }
  for (; at < words.length; at++) {
    const { word, stop } = words[at]!;
    if (stop !== 'none' && at > from) break;
    const ordinal = english.ordinalOf(word);
    const isArticle = english.newDeterminers.has(word);
    if (isArticle || english.definiteDeterminers.has(word) || english.possessives.has(word)) {
      if (determiner !== 'definite') determiner = isArticle ? 'new' : 'definite';
    } else if (determiner === 'definite' && (word === 'other' || ordinal !== undefined)) which = ordinal ?? 'other';
    else if (english.countOf(word) !== undefined) count = (count ?? 1) * english.countOf(word)!;
    else if (word !== 'of' || at === from || !english.definiteDeterminers.has(words[at - 1]!.word)) break;
  }
  const isAwaited = at > from || before?.type === 'link';
  const head = headAt(words, at, vocabulary, at > from) ?? (isAwaited ? unknownHead(words, at) : undefined);
  if (!head) return undefined;
  const { noun, start } = head;
  const end = start + noun.length;
  const index = numberAfter(words, end, vocabulary);
  const to = index === undefined ? end : end + 1;
  const modifiers = words.slice(at, start).map(({ word }) => word);
  const isAttribute = (word: string) => vocabulary === null || vocabulary.attributes.includes(word);
  roles.fill('grammar', from, at);
  for (let i = from; i < at; i++) if (english.countOf(words[i]!.word) !== undefined) roles[i] = 'number';
  for (let i = at; i < start; i++) {
    const { word } = words[i]!;
    roles[i] = english.adverbs.has(word) ? 'grammar' : isAttribute(word) ? 'attribute' : 'unknown';
  }
  roles.fill('object', start, to);
  const mention: Mention = {
    label: noun.label,
    name: english.typed(words, start, end),
    isKnown: noun.isKnown,
    // "some grass" is one, "some clouds" are several.
    isPlural: noun.isPlural,
    count: quantity && !noun.isPlural && quantity[0] === 'some' ? undefined : count,
    determiner: count !== undefined && determiner === 'bare' ? 'new' : determiner,
    which,
    index,
    attributes: [...new Set(modifiers.filter((word) => !english.adverbs.has(word) && isAttribute(word)))],
  };
  return { type: 'thing', mention, from, to };
}

interface Head {
  readonly noun: {
    readonly length: number;
    readonly label: string;
    readonly isPlural: boolean;
    readonly isKnown: boolean;
  };
  readonly start: number;
}

/** The noun that a run of modifiers ends in; of several nouns in a row the last: in "beach house" it is the house. */
function headAt(
  words: readonly SentenceWord[],
  at: number,
  vocabulary: Vocabulary | null,
  isOpen: boolean,
): Head | undefined {
  const labels = vocabulary?.objects ?? null;
  let start = at;
  while (start < words.length && start - at <= MODIFIERS) {
    const named = isLinkWord(words, start) ? undefined : nounAt(words, start, labels);
    const noun = isAttributeBefore(words, start, vocabulary) && !named?.isKnown ? undefined : named;
    // "The horse that a boy rides stands …": not everything that the tagger takes for a noun is a thing.
    const isAction = noun && !noun.isKnown && (!isOpen || start > at) && isActionWord(words[start]!, vocabulary);
    if (noun && !isAction) return compound(words, { noun, start }, vocabulary);
    const { kind, word, stop } = words[start]!;
    const isModifier =
      kind === 'adjective' ||
      isAttributeBefore(words, start, vocabulary) ||
      english.adverbs.has(word) ||
      (isOpen && (kind === 'verb' || word.endsWith('ing')));
    if (!isModifier || isLinkWord(words, start) || (stop !== 'none' && !(stop === 'comma' && kind === 'adjective')))
      return undefined;
    start++;
  }
  return undefined;
}

/** The tagger takes some colours for things; the model's own attributes are known to be none. */
function isAttributeBefore(words: readonly SentenceWord[], at: number, vocabulary: Vocabulary | null): boolean {
  const { word, stop } = words[at]!;
  return stop !== 'end' && at + 1 < words.length && (vocabulary?.attributes.includes(word) ?? false);
}

/** Where a thing must follow, as after "a" or "next to", a word that the tagger takes for a verb is a name too: "bear". */
function unknownHead(words: readonly SentenceWord[], at: number): Head | undefined {
  const word = words[at];
  if (word?.kind !== 'verb' || word.text === '' || isLinkWord(words, at) || word.word.endsWith('ing')) return undefined;
  if (english.auxiliaries.has(word.word)) return undefined;
  return { noun: { length: 1, label: word.word, isPlural: false, isKnown: false }, start: at };
}

function compound(words: readonly SentenceWord[], head: Head, vocabulary: Vocabulary | null): Head {
  const labels = vocabulary?.objects ?? null;
  const next = head.start + head.noun.length;
  const word = words[next];
  if (!word || words[next - 1]!.stop !== 'none' || isLinkWord(words, next) || word.kind === 'verb') return head;
  const noun = nounAt(words, next, labels);
  if (!noun || (!noun.isKnown && (looksLikeVerb(words, next) || isActionWord(word, vocabulary)))) return head;
  if (labels !== null) return compound(words, { noun, start: next }, vocabulary);
  const label = `${head.noun.label} ${noun.label}`;
  return compound(
    words,
    { noun: { ...noun, label, length: head.noun.length + noun.length }, start: head.start },
    vocabulary,
  );
}

/** "sheep 2" */
function numberAfter(words: readonly SentenceWord[], at: number, vocabulary: Vocabulary | null): number | undefined {
  const word = words[at];
  if (!word || words[at - 1]!.stop !== 'none' || !/^\d+$/.test(word.word)) return undefined;
  const next = words[at + 1];
  const countsNext =
    word.stop === 'none' &&
    next !== undefined &&
    nounAt(words, at + 1, null) !== undefined &&
    !isLinkWord(words, at + 1) &&
    !isActionWord(next, vocabulary);
  return countsNext ? undefined : english.countOf(word.word);
}
