import { useDeferredValue, useMemo, useState } from 'react';
import type { NamedGraph } from '#editor/interface/interface-store.ts';
import { searchText, searchWords } from './graph-search.ts';

/** Drawn at a time: there may be thousands. */
const PAGE = 40;

export interface GraphSearch<Named> {
  readonly typed: string;
  type(text: string): void;
  /** All that have every word. */
  readonly found: readonly Named[];
  /** Of those, what is drawn. */
  readonly drawn: readonly Named[];
  /** How many more are drawn next; 0 when all are. */
  readonly rest: number;
  drawMore(): void;
}

/** Graphs of a list, found by words of their names, objects and relations. */
export function useGraphSearch<Named extends Pick<NamedGraph, 'name' | 'graph'>>(
  graphs: readonly Named[],
): GraphSearch<Named> {
  const [typed, setTyped] = useState('');
  const [most, setMost] = useState(PAGE);
  const searched = useMemo(() => graphs.map((each) => ({ each, text: searchText(each) })), [graphs]);
  const wanted = useDeferredValue(typed);
  const found = useMemo(() => {
    const words = searchWords(wanted);
    return searched.flatMap(({ each, text }) => (words.every((word) => text.includes(word)) ? [each] : []));
  }, [searched, wanted]);
  return {
    typed,
    type(text) {
      setTyped(text);
      setMost(PAGE);
    },
    found,
    drawn: found.slice(0, most),
    rest: Math.max(0, Math.min(PAGE, found.length - most)),
    drawMore: () => setMost(most + PAGE),
  };
}
