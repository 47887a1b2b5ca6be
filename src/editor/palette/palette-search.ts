/** What the palette shows for what was typed: labels that contain it, and labels whose everyday words begin with it. */
import type { WordGroup } from '#editor/document/vocabulary.ts';
import { searchOf } from '#editor/menus/search-text.ts';

interface FoundWord {
  readonly word: string;
  /** The everyday word that led here, where it was not the label itself. */
  readonly alias?: string;
}

export interface FoundGroup {
  readonly heading: string;
  readonly words: readonly FoundWord[];
}

/** Everything for an empty search. @param aliases everyday words by label */
export function searchPalette(
  groups: readonly WordGroup[],
  search: string,
  aliases: ReadonlyMap<string, readonly string[]>,
): { readonly groups: readonly FoundGroup[]; readonly best: string | undefined } {
  const wanted = searchOf(search);
  let best: string | undefined;
  let closest = Number.POSITIVE_INFINITY;
  const found = groups.map(({ heading, words }) => ({
    heading,
    words: words.flatMap((word): FoundWord[] => {
      const alias = word.includes(wanted) ? undefined : aliasFor(wanted, aliases.get(word) ?? []);
      if (alias === undefined && !word.includes(wanted)) return [];
      const distance = distanceOf(wanted, alias ?? word) + (alias === undefined ? 0 : 0.5);
      if (distance < closest) [best, closest] = [word, distance];
      return [alias === undefined ? { word } : { word, alias }];
    }),
  }));
  return { groups: found.filter(({ words }) => words.length > 0), best };
}

/** One letter begins too many words. */
function aliasFor(wanted: string, aliases: readonly string[]): string | undefined {
  if (wanted.length < 2) return undefined;
  const begun = aliases.filter((alias) => alias.startsWith(wanted));
  return begun.find((alias) => alias === wanted) ?? begun[0];
}

/** 0 for the word itself, 1 for one that begins so, 2 for one that holds it. */
function distanceOf(wanted: string, word: string): number {
  if (word === wanted) return 0;
  return word.startsWith(wanted) ? 1 : 2;
}
