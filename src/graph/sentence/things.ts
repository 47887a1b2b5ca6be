/** Things in a sentence: determiner, number, attributes and the name ("the two white sheep"). */

import type { Vocabulary } from '#graph/vocabulary.ts';
import { singularsOf } from '#graph/words/singular.ts';
import type { Chunk, Link, Mention } from './chunk.ts';
import { isActionWord, isInfinitive, isLinkWord, looksLikeVerb, saysWhatItDoes } from './links.ts';
import { nounAt } from './nouns.ts';
import type { SentenceWord, WordRole } from './tagged-words.ts';
import * as english from './tagged-words.ts';

/** A noun may stand this many words behind its determiner. */
const MODIFIERS = 6;

/** A thing, or one that its name binds to another: "a zebra's head", "a snow covered branch". */
export function thingAt(
  words: readonly SentenceWord[],
  from: number,
  before: Chunk | undefined,
  vocabulary: Vocabulary | null,
  roles: WordRole[],
): ThingChunk | undefined {
  const thing = plainThingAt(words, from, before, vocabulary, roles);
  if (thing === undefined || words[thing.to - 1]!.stop !== 'none') return thing;
  const sign = words[thing.to]?.word;
  const link = sign === english.GENITIVE ? belonging : sign === 'covered' ? covered : undefined;
  // "snow covered by leaves" is snow.
  if (link === undefined || isLinkWord(words, thing.to + 1)) return thing;
  const bound = thingAt(words, thing.to + 1, undefined, vocabulary, roles) ?? verbAsThing(words, thing.to + 1, roles);
  if (bound === undefined) return thing;
  roles[thing.to] = link === covered ? 'relation' : 'grammar';
  const { mention } = thing;
  // "a snow covered branch": the article is the branch's.
  const determiner = link === covered ? mention.determiner : 'new';
  const to = link === covered ? { ...mention, determiner: 'bare' as const, count: undefined } : mention;
  return { ...bound, from, mention: { ...bound.mention, determiner, bond: { link, to } } };
}

export type ThingChunk = Extract<Chunk, { readonly type: 'thing' }>;

const bare = { gerund: undefined, form: undefined, isPassive: false, isFiniteVerb: false };
const belonging: Link = { ...bare, name: 'of', preposition: 'of' };
const covered: Link = { ...bare, name: 'covered in', gerund: 'covering', form: 'covered', preposition: 'in' };

/** (quantity | determiner | number)* modifier* name number? */
function plainThingAt(
  words: readonly SentenceWord[],
  from: number,
  before: Chunk | undefined,
  vocabulary: Vocabulary | null,
  roles: WordRole[],
): ThingChunk | undefined {
  if (saysWhatItDoes(words, from, before) || isInfinitive(words, from)) return undefined;
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
  // "a toilet, sink, and mirror": between commas a verb is a name too.
  const isListed = before?.type === 'comma' && words[at]?.stop !== 'none' && words[at]?.root === words[at]?.word;
  // "snow on the roof": no caption tells anybody to do something.
  const isFirst = (before === undefined || before.type === 'stop') && isLinkWord(words, at + 1);
  const isAwaited = at > from || before?.type === 'link' || isListed || isFirst;
  // "a cell phone": behind one thing a verb would end in "s".
  const isOne = at > from && english.newDeterminers.has(words[at - 1]!.word) && count === undefined;
  // "girls in matching uniforms"
  const isParticiple = before?.type === 'link' && before.link.preposition !== undefined && isNounBehindIng(words, at);
  const head =
    headAt(words, at, vocabulary, { isOpen: at > from || isParticiple, isOne }) ??
    (isAwaited ? unknownHead(words, at) : undefined);
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
    roles[i] = english.adverbs.has(word) || word === 'and' ? 'grammar' : isAttribute(word) ? 'attribute' : 'unknown';
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
    attributes: [
      ...new Set(modifiers.filter((word) => !english.adverbs.has(word) && word !== 'and' && isAttribute(word))),
    ],
    bond: undefined,
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
  { isOpen, isOne }: { readonly isOpen: boolean; readonly isOne: boolean },
): Head | undefined {
  const labels = vocabulary?.objects ?? null;
  let start = at;
  while (start < words.length && start - at <= MODIFIERS) {
    const named = isLinkWord(words, start) ? undefined : nounAt(words, start, labels);
    const noun = isAttributeBefore(words, start, vocabulary) && !named?.isKnown ? undefined : named;
    // "The horse that a boy rides stands …": not everything that the tagger takes for a noun is a thing; "a painted face" is.
    const isAwaited = isOpen && words.slice(at, start).every(({ kind }) => kind === 'adjective');
    const isAction = noun && !noun.isKnown && !isAwaited && isActionWord(words[start]!, vocabulary);
    // "a motorcyclist leans": "a" is of one, so that the adjective is its name and what follows is what it does.
    if (noun && isOne && noun.isPlural && !noun.isKnown && start > at) return asName(words, start - 1);
    if (noun && !isAction) return compound(words, { noun, start }, vocabulary, isOne);
    const { kind, word, stop } = words[start]!;
    const isLast = stop !== 'none' || isLinkWord(words, start + 1);
    if (isOne && isLast && start > at && isPlainVerb(words[start]!)) return asName(words, start);
    const isModifier =
      kind === 'adjective' ||
      isAttributeBefore(words, start, vocabulary) ||
      english.adverbs.has(word) ||
      (start > at && joinsQualities(words, start, vocabulary)) ||
      (isOpen && (kind === 'verb' || word.endsWith('ing'))) ||
      (start > at && kind === 'verb' && word.endsWith('ed'));
    if (!isModifier || isLinkWord(words, start) || (stop !== 'none' && !(stop === 'comma' && kind === 'adjective')))
      return undefined;
    start++;
  }
  return undefined;
}

const isNounBehindIng = (words: readonly SentenceWord[], at: number): boolean =>
  words[at]?.stop === 'none' && words[at].word.endsWith('ing') && words[at + 1]?.kind === 'noun';

const asName = (words: readonly SentenceWord[], start: number): Head => ({
  noun: { length: 1, label: words[start]!.word, isPlural: false, isKnown: false },
  start,
});

/** "old and tired dogs", "a red and white bus". */
function joinsQualities(words: readonly SentenceWord[], at: number, vocabulary: Vocabulary | null): boolean {
  const isQuality = (i: number) => words[i]?.kind === 'adjective' || isAttributeBefore(words, i, vocabulary);
  return words[at]!.word === 'and' && isQuality(at - 1) && at + 1 < words.length && isQuality(at + 1);
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
  if (english.auxiliaries.has(word.word) || english.particles.has(word.word)) return undefined;
  // "wearing swim goggles"
  const next = words[at + 1];
  if (isPlainVerb(word) && word.stop === 'none' && next?.kind === 'noun')
    return compound(words, asName(words, at), null, true);
  // "eating leaves from a tree"
  const [singular] = word.root === word.word ? [] : singularsOf(word.word);
  return {
    noun: { length: 1, label: singular ?? word.word, isPlural: singular !== undefined, isKnown: false },
    start: at,
  };
}

/** A word that the tagger takes for a verb, as a name of its own. */
export function verbAsThing(words: readonly SentenceWord[], at: number, roles: WordRole[]): ThingChunk | undefined {
  const head = unknownHead(words, at);
  if (head === undefined) return undefined;
  roles[at] = 'object';
  const { length: _, ...noun } = head.noun;
  const open = { count: undefined, determiner: 'bare', which: undefined, index: undefined, attributes: [] } as const;
  const mention: Mention = { ...noun, ...open, name: english.typed(words, at, at + 1), bond: undefined };
  return { type: 'thing', mention, from: at, to: at + 1 };
}

function compound(words: readonly SentenceWord[], head: Head, vocabulary: Vocabulary | null, isOne: boolean): Head {
  const labels = vocabulary?.objects ?? null;
  const next = head.start + head.noun.length;
  const word = words[next];
  // Only singulars are parts of names: in "kids play" the second word is what they do.
  if (head.noun.isPlural && word?.kind === 'noun' && nounAt(words, next, labels)?.isKnown !== true) return head;
  if (!word || words[next - 1]!.stop !== 'none' || isLinkWord(words, next)) return head;
  const isName = english.lateNames.has(word.word) || (isOne && isPlainVerb(word));
  if (word.kind === 'verb' && !isName) return head;
  const noun = nounAt(words, next, labels) ?? (isName && labels === null ? asName(words, next).noun : undefined);
  // "a night stand": what ends a thought without an ending of its own is no verb.
  const isAction =
    looksLikeVerb(words, next) ||
    (!(isOne && word.stop !== 'none' && word.root === word.word) && isActionWord(word, vocabulary));
  if (!noun || (!noun.isKnown && isAction)) return head;
  if (labels !== null) return compound(words, { noun, start: next }, vocabulary, isOne);
  const label = `${head.noun.label} ${noun.label}`;
  return compound(
    words,
    { noun: { ...noun, label, length: head.noun.length + noun.length }, start: head.start },
    vocabulary,
    isOne,
  );
}

/** "phone" and "log", but not "cut", which may be what was done. */
const isPlainVerb = ({ kind, word, root }: SentenceWord): boolean =>
  kind === 'verb' && word === root && !english.sameParticiples.has(word);

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
