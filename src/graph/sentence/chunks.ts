/** Cuts the words of a sentence into things ("two white sheep"), links ("are standing on") and the words that hold them together. */

import type { Vocabulary } from '#graph/vocabulary.ts';
import type { Chunk } from './chunk.ts';
import { linkAt } from './links.ts';
import { isGarment } from './living.ts';
import type { SentenceWord, WordRole } from './tagged-words.ts';
import * as english from './tagged-words.ts';
import { type ThingChunk, thingAt, verbAsThing } from './things.ts';

export interface Chunks {
  readonly chunks: readonly Chunk[];
  /** One per word. Those of links are decided when their ends are known. */
  readonly roles: WordRole[];
}

/** @param vocabulary null for a model that takes every word */
export function chunksOf(words: readonly SentenceWord[], vocabulary: Vocabulary | null): Chunks {
  const roles = words.map((): WordRole => 'unknown');
  const chunks: Chunk[] = [];
  let at = 0;
  while (at < words.length) {
    const chunk = chunkAt(words, at, chunks, vocabulary, roles);
    chunks.push(chunk);
    const { stop } = words[chunk.to - 1]!;
    if (stop !== 'none') chunks.push({ type: stop === 'comma' ? 'comma' : 'stop', from: chunk.to, to: chunk.to });
    at = chunk.to;
  }
  return { chunks: chunks.filter(({ type }) => type !== 'nothing'), roles };
}

function chunkAt(
  words: readonly SentenceWord[],
  from: number,
  earlier: readonly Chunk[],
  vocabulary: Vocabulary | null,
  roles: WordRole[],
): Chunk {
  const before = earlier.at(-1);
  const { word } = words[from]!;
  const grammar = <Type extends Chunk['type']>(type: Type, length = 1) => {
    roles.fill('grammar', from, from + length);
    return { type, from, to: from + length };
  };
  if (english.isPhraseAt(words, from, 'as well as')) return grammar('and', 3);
  if (english.conjunctions.has(word)) return grammar('and');
  if (english.clauseWords.has(word)) return grammar('clause');
  if (english.isPhraseAt(words, from, 'each other') || english.isPhraseAt(words, from, 'one another'))
    return grammar('each-other', 2);
  if (english.relatives.has(word) && (before?.type === 'thing' || before?.type === 'comma')) {
    const isThat = word === 'that' && before.type === 'comma';
    if (!isThat) return grammar('relative');
  }
  const aside = english.asideAt(words, from);
  if (aside > 0) return { type: 'nothing', from, to: from + aside };
  const announced = before === undefined || before.type === 'stop' ? announcementLength(words, from) : 0;
  if (announced > 0) return grammar('nothing', announced);
  if (english.negations.has(word)) {
    const absent = thingAt(words, from + 1, undefined, vocabulary, [...roles]);
    if (absent) return grammar('nothing', absent.to - from);
  }
  if (isBackOf(words, from, before)) return { ...grammar('pronoun', 2), word: english.ownerOf(word) };
  const isStart = before === undefined || before.type === 'stop' || before.type === 'nothing';
  const announcement = isStart && english.announcements.find((phrase) => english.isPhraseAt(words, from, phrase));
  if (announcement) return grammar('nothing', announcement.split(' ').length);
  if (english.quoting.has(word) && before !== undefined)
    return { type: 'nothing', from, to: endOfThought(words, from) };
  const filler = english.fillers.find((phrase) => english.isPhraseAt(words, from, phrase));
  if (filler !== undefined) return grammar('nothing', filler.split(' ').length);
  const thing = thingAt(words, from, before, vocabulary, roles) ?? listedAt(words, from, earlier, roles);
  if (thing && isQualityOf(thing, before)) {
    roles.fill('unknown', from, thing.to);
    return { type: 'quality', attribute: thing.mention.label, from, to: thing.to };
  }
  if (thing) return thing;
  const link = linkAt(words, from, before, vocabulary);
  if (link) return link;
  if (english.pronouns.has(word)) return { ...grammar('pronoun'), word };
  if (english.newDeterminers.has(word) || english.definiteDeterminers.has(word) || english.possessives.has(word))
    return grammar('nothing');
  if (english.adverbs.has(word) || english.auxiliaries.has(word)) return grammar('nothing');
  const isKnown = vocabulary === null ? words[from]!.kind === 'adjective' : vocabulary.attributes.includes(word);
  if (isKnown || words[from]!.kind === 'adjective') return { type: 'quality', attribute: word, from, to: from + 1 };
  return { type: 'nothing', from, to: from + 1 };
}

/** "with frosting and sprinkles": in a list of names without articles, what the tagger takes for a verb is a name too. */
function listedAt(
  words: readonly SentenceWord[],
  from: number,
  earlier: readonly Chunk[],
  roles: WordRole[],
): ThingChunk | undefined {
  const [link, item, join] = earlier.slice(-3);
  const isJoin = join?.type === 'and' || join?.type === 'comma';
  const isList = isJoin && item?.type === 'thing' && item.mention.determiner === 'bare' && link?.type === 'link';
  const isLast = words[from]!.stop !== 'none' || english.conjunctions.has(words[from + 1]?.word ?? '');
  // "in a suit and tie standing …"
  const isOutfit =
    join?.type === 'and' && item?.type === 'thing' && isGarment(item.mention.label) && isGarment(words[from]!.word);
  return (isList && isLast) || isOutfit ? verbAsThing(words, from, roles) : undefined;
}

/** "is barefoot": a name without an article behind "is" is what somebody is. */
function isQualityOf({ mention, from, to }: ThingChunk, before: Chunk | undefined): boolean {
  const isCopula = before?.type === 'link' && before.link.gerund === undefined && before.link.preposition === undefined;
  return isCopula && to === from + 1 && mention.determiner === 'bare' && !mention.isPlural && !mention.isKnown;
}

/** Words of "a black and white photo of", "a close up of"; 0 when the sentence begins otherwise. */
function announcementLength(words: readonly SentenceWord[], from: number): number {
  for (let at = from; at < Math.min(words.length - 1, from + 6); at++) {
    const { word, kind, stop } = words[at]!;
    if (stop !== 'none') return 0;
    const isPicture = english.pictureWords.has(word) || (word === 'up' && words[at - 1]?.word === 'close');
    if (isPicture && words[at + 1]!.word === 'of') return at + 2 - from;
    const goesOn = english.newDeterminers.has(word) || word === 'the' || word === 'and' || word === 'close';
    if (!goesOn && kind !== 'adjective') return 0;
  }
  return 0;
}

/** Behind the last word before the next full stop or comma. */
function endOfThought(words: readonly SentenceWord[], from: number): number {
  const last = words.findIndex(({ stop }, i) => i >= from && stop !== 'none');
  return last < 0 ? words.length : last + 1;
}

/** "bags on their backs" are on them. */
function isBackOf(words: readonly SentenceWord[], at: number, before: Chunk | undefined): boolean {
  const isOn = before?.type === 'link' && before.link.preposition === 'on';
  return isOn && english.possessives.has(words[at]!.word) && /^backs?$/.test(words[at + 1]?.word ?? '');
}
