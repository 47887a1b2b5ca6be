/** Graphviz DOT (https://graphviz.org/doc/info/lang.html): a node per object, an edge per relation. */
import type { SceneGraph } from '#graph/scene-graph.ts';
import { dotComment } from './carried-document.ts';

/**
 * Objects are pinned where they stand on the canvas (`neato -n` keeps them there; other layouts ignore it); DOT's y points up.
 * The document itself goes along as a comment.
 */
export function exportDot(graph: SceneGraph, name = 'scene graph'): string {
  const { objects, relations } = graph;
  const nodes = objects.map(({ id, label, attributes, position }) => {
    const words = [...attributes, label].join(' ');
    return `  ${quoted(id)} [label=${quoted(words)}, pos="${Math.round(position.x)},${-Math.round(position.y)}!"];`;
  });
  const edges = relations.map(
    ({ subject, predicate, object }) => `  ${quoted(subject)} -> ${quoted(object)} [label=${quoted(predicate)}];`,
  );
  const head = [`digraph ${quoted(name)} {`, `  ${dotComment(graph)}`, '  node [shape=box, style=rounded];'];
  return `${[...head, ...nodes, ...edges, '}'].join('\n')}\n`;
}

/** A double-quoted string; a backslash is doubled, for a label would read it as an escape. */
function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  // Every kind of line break and control character ends a statement somewhere.
  return `"${escaped.replace(/\p{Cc}+/gu, ' ')}"`;
}
