/** How large the style sheet makes nodes and labels, estimated from above: routes are found before anything is drawn. */
import type { Relation, SceneObject } from '#graph/scene-graph.ts';
import type { Box } from './edge-geometry.ts';

/** Advance widths in em of a wide sans-serif (DejaVu Sans): no common interface font is wider. */
const NARROW = new Set("iIjl.,:;'|!() -ftr");
const WIDE = new Set('mwMWQO@%&');

/** Width in pixels that a line of text takes at most. */
export function textWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const letter of text) {
    if (NARROW.has(letter)) em += 0.42;
    else if (WIDE.has(letter)) em += 0.98;
    else em += letter > '\u2e7f' ? 1.05 : 0.66;
  }
  return em * fontSize;
}

const MAX_NODE_WIDTH = 220;
/** Padding, icon, verdict and their gaps. */
const AROUND_LABEL = 86;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A node as it was measured, or before that with room for its icon, a second line and a verdict. */
export function nodeBox({ label, attributes, position: { x, y } }: SceneObject, measured?: Size): Box {
  if (measured) return { x, y, width: measured.width, height: measured.height };
  const text = Math.max(textWidth(label, 15.5), textWidth(attributes.join(', '), 11));
  const width = Math.min(MAX_NODE_WIDTH, Math.max(76, AROUND_LABEL + text));
  return { x, y, width, height: attributes.length > 0 ? 62 : 46 };
}

export const LABEL_HEIGHT = 24;

/** A relation's label with room for a verdict. */
export function labelWidth({ predicate }: Relation): number {
  return 37 + textWidth(predicate, 12);
}
