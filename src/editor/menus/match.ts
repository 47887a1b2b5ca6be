/** How well a word answers what was typed: the one order of every list that is searched. */
import { defaultFilter } from 'cmdk';

/** From the word itself down to letters in the order typed. An everyday word for it stands half a step behind. */
const EXACT = 4;
const BEGINS = 3;
const WORD_BEGINS = 2;
const INSIDE = 1;
const ALIAS = 0.5;

/** 0 for no match. @param wanted by `searchOf` @param aliases what it may also be called; one letter begins too many of them */
export function matchOf(word: string, wanted: string, aliases: readonly string[] = []): number {
  const other = aliases.map((alias) => (wanted.length < 2 ? 0 : placeOf(alias.toLowerCase(), wanted)));
  const best = Math.max(0, ...other.filter((place) => place >= BEGINS));
  const own = placeOf(word.toLowerCase(), wanted) || 0.4 * defaultFilter(word, wanted);
  return Math.max(own, best - ALIAS);
}

function placeOf(word: string, wanted: string): number {
  if (word === wanted) return EXACT;
  if (word.startsWith(wanted)) return BEGINS;
  if (word.includes(` ${wanted}`)) return WORD_BEGINS;
  return word.includes(wanted) ? INSIDE : 0;
}

/** Those that match, the best first; equals stay in their order. */
export function ranked<Item>(items: readonly Item[], matchOfItem: (item: Item) => number): Item[] {
  return items
    .map((item) => ({ item, match: matchOfItem(item) }))
    .filter(({ match }) => match > 0)
    .sort((a, b) => b.match - a.match)
    .map(({ item }) => item);
}
