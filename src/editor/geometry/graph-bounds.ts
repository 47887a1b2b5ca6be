/** Everything of a graph that is drawn: nodes, and edges with their labels, which may bulge far beyond the nodes. */

import type { Relation } from '#graph/scene-graph.ts';
import { type Box, edgeCurve, pointAt, type Route } from './edge-geometry.ts';
import { relationLabelBox } from './route-search.ts';

export interface DrawnEdge {
  readonly source: Box;
  readonly target: Box;
  readonly relation: Relation;
  readonly route: Route;
}

/** @returns undefined for an empty graph */
export function graphBounds(nodes: readonly Box[], edges: readonly DrawnEdge[]): Box | undefined {
  const boxes = [...nodes, ...edges.flatMap((edge) => [curveBox(edge), labelOf(edge)])];
  return boxes.length === 0 ? undefined : boxes.reduce(union);
}

/** A quadratic curve turns back where its derivative is 0, once at most in each direction. */
function curveBox({ source, target, route }: DrawnEdge): Box {
  const { start, control, end } = edgeCurve(source, target, route);
  const turnOf = (a: number, b: number, c: number) => {
    const t = (a - b) / (a - 2 * b + c);
    return t > 0 && t < 1 ? [t] : [];
  };
  const turns = [...turnOf(start.x, control.x, end.x), ...turnOf(start.y, control.y, end.y)];
  const points = [start, end, ...turns.map((t) => pointAt({ start, control, end }, t))];
  return points.map(({ x, y }): Box => ({ x, y, width: 0, height: 0 })).reduce(union);
}

const labelOf = ({ source, target, relation, route }: DrawnEdge): Box =>
  relationLabelBox(source, target, relation, route);

function union(a: Box, b: Box): Box {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  const [right, bottom] = [Math.max(a.x + a.width, b.x + b.width), Math.max(a.y + a.height, b.y + b.height)];
  return { x, y, width: right - x, height: bottom - y };
}
