/** What the palette shows for what was typed: labels that contain it, and labels whose everyday words begin with it. */
import type { WordGroup } from '#editor/document/vocabulary.ts';
import { aliasFor, placeOf } from '#editor/menus/match.ts';
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
  let bestMatch = 0;
  const found = groups.map(({ heading, words }) => ({
    heading,
    words: words.flatMap((word): FoundWord[] => {
      const place = placeOf(word, wanted);
      const other = place > 0 ? undefined : aliasFor(wanted, aliases.get(word) ?? []);
      const match = other?.match ?? place;
      if (match === 0) return [];
      if (match > bestMatch) [best, bestMatch] = [word, match];
      return [other ? { word, alias: other.alias } : { word }];
    }),
  }));
  return { groups: found.filter(({ words }) => words.length > 0), best };
}
