/** Links in a sentence: the verbs and prepositions between things ("is standing on"). */

import type { Vocabulary } from '#graph/vocabulary.ts';
import { isRelatingVerb, prepositions } from '#graph/words/predicate-phrases.ts';
import type { Chunk } from './chunk.ts';
import type { SentenceWord } from './tagged-words.ts';
import * as english from './tagged-words.ts';

export function isLinkWord(words: readonly SentenceWord[], at: number): boolean {
  return english.copulas.has(words[at]?.word ?? '') || prepositionAt(words, at) !== undefined;
}

function prepositionAt(words: readonly SentenceWord[], at: number): string | undefined {
  if (isInfinitive(words, at) || english.asideAt(words, at) > 0) return undefined;
  return prepositions.find((phrase) => english.isPhraseAt(words, at, phrase));
}

/** "to pet a dog", "waiting to board": what somebody is about to do, or does by it. */
export function isInfinitive(words: readonly SentenceWord[], at: number): boolean {
  const [to, verb, next] = [words[at], words[at + 1], words[at + 2]?.word ?? ''];
  if (to?.word !== 'to' || to.stop !== 'none' || verb === undefined || verb.root !== verb.word) return false;
  if (verb.kind === 'verb') return true;
  const isObject =
    english.newDeterminers.has(next) || english.definiteDeterminers.has(next) || english.possessives.has(next);
  return verb.kind === 'noun' && verb.stop === 'none' && isObject;
}

/** (copula | adverb)* verb? particle? preposition? */
export function linkAt(
  words: readonly SentenceWord[],
  from: number,
  before: Chunk | undefined,
  vocabulary: Vocabulary | null,
): Chunk | undefined {
  let [gerund, form, preposition]: (string | undefined)[] = [];
  let isFiniteVerb = false;
  let at = from;
  for (; at < words.length; at++) {
    if (at > from && words[at - 1]!.stop !== 'none') break;
    const word = words[at]!;
    if (preposition !== undefined) break;
    if (isInfinitive(words, at)) {
      if (gerund !== undefined) break;
      form = words[++at]!.word;
      gerund = gerundOfVerb(words[at]!);
      isFiniteVerb = true;
      continue;
    }
    const next = prepositionAt(words, at);
    const hasMore = words[at]!.stop === 'none' && at + 1 < words.length;
    const isParticle = english.particles.has(word.word) && (next === undefined || !next.includes(' '));
    if (isParticle && hasMore && prepositionAt(words, at + 1) !== undefined) continue;
    if (word.word === 'right' && next === undefined && hasMore && prepositionAt(words, at + 1) !== undefined) continue;
    if (next !== undefined) {
      preposition = next;
      at += next.split(' ').length - 1;
    } else if (english.copulas.has(word.word)) {
      if (gerund !== undefined) break;
      isFiniteVerb = true;
    } else if (english.adverbs.has(word.word) && at > from) continue;
    // "blowing out candles", "is hanging out"
    else if (isParticle && gerund !== undefined) preposition = word.word;
    else if (gerund === undefined && (isVerb(word, vocabulary) || saysWhatItDoes(words, at, before))) {
      gerund = gerundOfVerb(word);
      form = word.word;
      isFiniteVerb ||= !/(?:ing|ed|en)$/.test(form);
    } else break;
  }
  if (at === from) return undefined;
  const participle = form !== undefined && !form.endsWith('ing') && !/[^s]s$/.test(form);
  const isPassive = preposition === 'by' && participle;
  return {
    type: 'link',
    from,
    to: at,
    link: {
      name: english.typed(words, from, at),
      gerund,
      form,
      preposition: isPassive ? undefined : preposition,
      isPassive,
      isFiniteVerb,
    },
  };
}

const gerundOfVerb = (word: SentenceWord): string =>
  word.word === 'has' || word.word === 'have' || word.word === 'had' ? 'having' : english.gerundOfForm(word);

function isVerb(word: SentenceWord, vocabulary: Vocabulary | null): boolean {
  return word.kind === 'verb' || (word.text !== '' && isActionWord(word, vocabulary));
}

const things = new Set(
  'building railing ceiling painting clothing awning wedding string ring king wing spring frosting icing topping dressing stuffing lettering siding bedding evening morning'.split(
    ' ',
  ),
);

/** "running", but not "building". */
const isIngForm = (word: string): boolean => word.endsWith('ing') && !things.has(word);

export function isActionWord(word: SentenceWord, vocabulary: Vocabulary | null): boolean {
  return isIngForm(word.word) || isRelatingVerb(english.gerundOfForm(word), vocabulary?.predicates ?? null);
}

/** Right behind a thing a verb follows, though its form may be that of a thing: "a dog watches …", "a kite flies over …". */
export function saysWhatItDoes(words: readonly SentenceWord[], at: number, before: Chunk | undefined): boolean {
  if (before?.type !== 'thing' && before?.type !== 'pronoun' && before?.type !== 'relative') return false;
  if (before.to !== at) return false;
  const { kind, word } = words[at]!;
  if (kind === 'verb' || isIngForm(word)) return true;
  if (kind !== 'noun') return false;
  // "two kids play with a ball": of several, a verb has no ending.
  const isSeveral = before.type === 'thing' && (before.mention.isPlural || (before.mention.count ?? 1) > 1);
  return looksLikeVerb(words, at) || (isSeveral && goesOnAfter(words, at));
}

/** The tagger takes "flies" in "a kite flies over …" for a noun. */
export function looksLikeVerb(words: readonly SentenceWord[], at: number): boolean {
  const { word } = words[at]!;
  return isIngForm(word) || word.endsWith('ed') || (/[^sui]s$/.test(word) && goesOnAfter(words, at));
}

/** Whether a preposition or another thing follows. */
function goesOnAfter(words: readonly SentenceWord[], at: number): boolean {
  const next = words[at + 1]?.word;
  if (next === undefined || words[at]!.stop !== 'none') return false;
  return (
    prepositionAt(words, at + 1) !== undefined ||
    english.newDeterminers.has(next) ||
    english.definiteDeterminers.has(next)
  );
}
