/** How large a document may be: one set of bounds for what the hand does, what files bring and what storage gives back. */
import type { SceneGraph } from './scene-graph.ts';

export const GRAPH_BOUNDS = {
  objects: 1_000,
  relations: 4_000,
  /** Of one object. */
  attributes: 16,
  /** Characters of an id, a label, an attribute or a predicate. */
  word: 64,
  /** CSS pixels from the canvas's origin. */
  position: 1_000_000,
} as const;

/** A change that would make the document larger than it may be; the sentence says what to do. */
export class GraphBoundsError extends Error {
  override readonly name = 'GraphBoundsError';
}

/** White space and control characters become single spaces, none at the ends: what a word is, wherever it comes from. */
export const tidyWord = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

/** The nearest place that a document can hold. */
export function nearestPosition({ x, y }: { readonly x: number; readonly y: number }): { x: number; y: number } {
  const far = GRAPH_BOUNDS.position;
  const near = (value: number) => (Number.isFinite(value) ? Math.min(far, Math.max(-far, value)) : 0);
  return { x: near(x), y: near(y) };
}

/** The graph itself, when every reader of ours would read it back. @throws GraphBoundsError */
export function withinBounds(graph: SceneGraph): SceneGraph {
  checkCount('objects', graph.objects.length);
  checkCount('relations', graph.relations.length);
  for (const { label, attributes } of graph.objects) {
    if (attributes.length > GRAPH_BOUNDS.attributes) {
      const held = `“${label}” would have ${attributes.length} attributes`;
      throw new GraphBoundsError(`${held}; an object has at most ${GRAPH_BOUNDS.attributes}. Take one away first.`);
    }
    for (const word of [label, ...attributes]) checkWord(word);
  }
  for (const { predicate } of graph.relations) checkWord(predicate);
  return graph;
}

function checkCount(what: 'objects' | 'relations', count: number): void {
  const most = GRAPH_BOUNDS[what];
  if (count <= most) return;
  throw new GraphBoundsError(
    `The graph would have ${count} ${what}; a document holds at most ${most}. Remove some, or start a new graph.`,
  );
}

function checkWord(word: string): void {
  if (word === '') throw new GraphBoundsError('A word needs at least one letter.');
  if (word.length <= GRAPH_BOUNDS.word) return;
  const shown = `${word.slice(0, 20)}…`;
  throw new GraphBoundsError(
    `“${shown}” has ${word.length} characters; a word has at most ${GRAPH_BOUNDS.word}. Choose a shorter one.`,
  );
}
