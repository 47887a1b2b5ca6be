/** Cuts the words of a sentence into things ("two white sheep"), links ("are standing on") and the words that hold them together. */

import type { Vocabulary } from '#graph/vocabulary.ts';
import type { Chunk } from './chunk.ts';
import { linkAt } from './links.ts';
import type { SentenceWord, WordRole } from './tagged-words.ts';
import * as english from './tagged-words.ts';
import { thingAt } from './things.ts';

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
    const chunk = chunkAt(words, at, chunks.at(-1), vocabulary, roles);
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
  before: Chunk | undefined,
  vocabulary: Vocabulary | null,
  roles: WordRole[],
): Chunk {
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
  const time = english.times.find((phrase) => english.isPhraseAt(words, from, phrase));
  if (time !== undefined) return { type: 'nothing', from, to: from + time.split(' ').length };
  const aside = english.asides.find((phrase) => english.isPhraseAt(words, from, phrase));
  const asideEnd = from + (aside?.split(' ').length ?? 0);
  if (aside !== undefined && words[asideEnd]?.word !== 'of') return { type: 'nothing', from, to: asideEnd };
  const announced = before === undefined || before.type === 'stop' ? announcementLength(words, from) : 0;
  if (announced > 0) return grammar('nothing', announced);
  if (english.negations.has(word)) {
    const absent = thingAt(words, from + 1, undefined, vocabulary, [...roles]);
    if (absent) return grammar('nothing', absent.to - from);
  }
  if (isBackOf(words, from, before)) return { ...grammar('pronoun', 2), word: english.ownerOf(word) };
  const filler = english.fillers.find((phrase) => english.isPhraseAt(words, from, phrase));
  if (filler !== undefined) return grammar('nothing', filler.split(' ').length);
  const thing = thingAt(words, from, before, vocabulary, roles);
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

/** "bags on their backs" are on them. */
function isBackOf(words: readonly SentenceWord[], at: number, before: Chunk | undefined): boolean {
  const isOn = before?.type === 'link' && before.link.preposition === 'on';
  return isOn && english.possessives.has(words[at]!.word) && /^backs?$/.test(words[at + 1]?.word ?? '');
}
