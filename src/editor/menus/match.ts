/** How well a word answers what was typed: the one order of every list that is searched. */
import { defaultFilter } from 'cmdk';

/** From the word itself down to letters in the order typed. An everyday word for it stands half a step behind. */
const EXACT = 4;
const BEGINS = 3;
const WORD_BEGINS = 2;
const INSIDE = 1;
const ALIAS = 0.5;

/** 0 for no match. @param wanted by `searchOf` @param aliases what it may also be called */
export function matchOf(word: string, wanted: string, aliases: readonly string[] = []): number {
  const own = placeOf(word.toLowerCase(), wanted) || 0.4 * defaultFilter(word, wanted);
  return Math.max(own, aliasFor(wanted, aliases)?.match ?? 0);
}

/** The alias that was begun to be typed, the best of them, and how well it answers; one letter begins too many. */
export function aliasFor(
  wanted: string,
  aliases: readonly string[],
): { readonly alias: string; readonly match: number } | undefined {
  if (wanted.length < 2) return undefined;
  return aliases
    .map((alias) => ({ alias, match: placeOf(alias.toLowerCase(), wanted) - ALIAS }))
    .filter(({ match }) => match >= BEGINS - ALIAS)
    .reduce<ReturnType<typeof aliasFor>>((best, each) => (best && best.match >= each.match ? best : each), undefined);
}

/** 0 unless the word holds what is wanted as it was typed. */
export function placeOf(word: string, wanted: string): number {
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
