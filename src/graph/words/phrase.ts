/** A few words for one thing, as they are typed into a search: "red car", "two dogs", "a small white sheep". */
import { countOf } from '#graph/sentence/tagged-words.ts';
import { labelOfAlias } from './aliases.ts';

export interface Phrase {
  readonly count: number;
  readonly attributes: readonly string[];
  readonly label: string;
}

/** More of one thing are no slip of the hand. */
const MOST = 20;

/**
 * @param attributes words that an object may be described by
 * @returns undefined for a label alone, and for any other words
 */
export function readPhrase(
  text: string,
  { labels, attributes }: { readonly labels: readonly string[]; readonly attributes: readonly string[] },
): Phrase | undefined {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  const [first = ''] = words;
  const said = /^(a|an|the)$/.test(first) ? 1 : countOf(first);
  if (said !== undefined && said > MOST) return undefined;
  const rest = said === undefined ? words : words.slice(1);
  for (let start = 0; start < rest.length; start++) {
    const name = rest.slice(start).join(' ');
    const label = labels.includes(name) ? name : labelOfAlias(name, labels);
    if (label !== undefined) {
      const isPlain = said === undefined && start === 0;
      return isPlain ? undefined : { count: said ?? 1, attributes: rest.slice(0, start).filter(isNoAnd), label };
    }
    if (isNoAnd(rest[start]!) && !attributes.includes(rest[start]!)) return undefined;
  }
  return undefined;
}

const isNoAnd = (word: string): boolean => word !== 'and';
