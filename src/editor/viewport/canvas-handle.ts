/** The visible part of the canvas, for those who are no part of it: where things are on the screen, and where there is room. */

import { getViewportForBounds, type ReactFlowInstance, type Viewport } from 'reactflow';
import type { Box } from '#editor/geometry/edge-geometry.ts';
import type { Size } from '#editor/geometry/element-sizes.ts';
import { boxOfNode, type ObjectNode, type RelationEdge } from '#editor/geometry/flow-elements.ts';
import { graphBounds } from '#editor/geometry/graph-bounds.ts';
import type { Point } from '#editor/interface/interface-store.ts';

type Instance = ReactFlowInstance<ObjectNode, RelationEdge>;
/** Shows objects at other places than the document has them, until the document changes their places. */
type ShowAt = (places: ReadonlyMap<string, Point>) => void;

let instance: Instance | null = null;
let showAt: ShowAt | null = null;

/** The mounted canvas registers itself, so that actions outside React can move the view and what is in it. */
export function registerCanvas(next: { readonly instance: Instance; readonly showAt: ShowAt } | null): void {
  instance = next?.instance ?? null;
  showAt = next?.showAt ?? null;
}

export function showObjectsAt(places: ReadonlyMap<string, Point>): void {
  showAt?.(places);
}

export function canvasInstance(): Instance | null {
  return instance;
}

/** Client coordinates of the middle of the visible canvas, and the same place in canvas coordinates. */
export function canvasCentre(): { at: Point; position: Point } {
  const box = document.querySelector('.canvas')?.getBoundingClientRect();
  const at = box ? { x: box.left + box.width / 2, y: box.top + box.height / 2 } : { x: 0, y: 0 };
  return { at, position: instance?.screenToFlowPosition(at) ?? { x: 0, y: 0 } };
}

/** Client coordinates of the middle of a canvas point. */
export function toScreen(position: Point): Point {
  return instance?.flowToScreenPosition({ x: position.x, y: position.y }) ?? canvasCentre().at;
}

export const ZOOM = { least: 0.15, most: 2.5 } as const;
/** Larger than this a small graph is not made. */
const FIT_ZOOM = 1.25;
/** Share of the canvas that stays free around what is drawn. */
const FIT_PADDING = 0.16;

/** Whether the user wants nothing to move on its own. */
export function isCalm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Pixels of the visible canvas. */
export function canvasSize(): Size {
  const { clientWidth: width = 0, clientHeight: height = 0 } = document.getElementById('canvas') ?? {};
  return { width, height };
}

/** Where the view is gliding to. */
let destination: Viewport | undefined;

/** Shows the whole graph. React Flow's own way leaves out edges that bulge. */
export function fitCanvas(animated = true): void {
  const bounds = drawnBounds();
  const { width, height } = canvasSize();
  if (!bounds || width === 0) return;
  const viewport = getViewportForBounds(bounds, width, height, ZOOM.least, FIT_ZOOM, FIT_PADDING);
  destination = viewport;
  void instance?.setViewport(viewport, { duration: animated && !isCalm() ? 260 : 0 }).then(() => {
    if (destination === viewport) destination = undefined;
  });
}

/** A view that glides stops where it is: what the hand takes hold of is not to slip away from under it. */
export function holdView(): void {
  if (!destination || !instance) return;
  destination = undefined;
  void instance.setViewport(instance.getViewport());
}

/** Everything that is drawn, in canvas coordinates; undefined for an empty graph. */
export function drawnBounds(): Box | undefined {
  const boxes = new Map<string, Box>();
  for (const { id } of instance?.getNodes() ?? []) {
    const node = instance?.getInternalNode(id);
    if (node) boxes.set(id, boxOfNode(node));
  }
  const edges = (instance?.getEdges() ?? []).flatMap(({ source, target, data }) => {
    const [from, to] = [boxes.get(source), boxes.get(target)];
    return from && to && data ? [{ source: from, target: to, relation: data.relation, route: data.route }] : [];
  });
  return graphBounds([...boxes.values()], edges);
}

/** After a graph was put on the canvas: its nodes are measured in the next frame. */
export function fitCanvasSoon(): void {
  requestAnimationFrame(() => requestAnimationFrame(() => fitCanvas()));
}
