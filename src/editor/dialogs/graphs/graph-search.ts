import type { NamedGraph } from '#editor/interface/interface-store.ts';

/** Each word once: a graph in sentences may be ten times as long, and thousands are searched. */
export function searchText({ name, graph }: Pick<NamedGraph, 'name' | 'graph'>): string {
  const words = new Set(graph.objects.flatMap(({ label, attributes }) => [...attributes, label]));
  for (const { predicate } of graph.relations) words.add(predicate);
  return `${name} ${[...words].join(' ')}`.toLowerCase();
}

/** What is typed, as words that all must be there. */
export const searchWords = (typed: string): readonly string[] => typed.trim().toLowerCase().split(/\s+/);
