import { type ReactNode, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { type InternalNode, type ReactFlowState, useStore } from 'reactflow';
import type { Box } from '#editor/geometry/edge-geometry.ts';
import type { Size } from '#editor/geometry/element-sizes.ts';
import { boxOfNode, type ObjectNode, type RelationEdge } from '#editor/geometry/flow-elements.ts';
import { grown, placeToolbar } from '#editor/geometry/place-toolbar.ts';
import { relationLabelBox } from '#editor/geometry/route-search.ts';

/** Beyond this many relations a toolbar may cover a label: it is looked for again at every move of the view. */
const MAX_LABELS = 150;

/** The grips of a node stand out this far, in screen pixels. */
const GRIP = 6;

interface FloatPlaceProps {
  /** What it belongs to: a node or an edge. */
  readonly id: string;
  readonly kind: 'object' | 'relation';
  readonly children: ReactNode;
}

/** Holds a toolbar of constant size near a node or a label, clear of all nodes. Lies inside the viewport's own coordinates. */
export function FloatPlace({ id, kind, children }: FloatPlaceProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size>({ width: 270, height: 36 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const next = { width: element.offsetWidth, height: element.offsetHeight };
    setSize((old) => (old.width === next.width && old.height === next.height ? old : next));
  });
  // As text, so that only a new place draws it again.
  const place = useStore(useCallback((state: ReactFlowState) => placeOf(state, id, kind, size), [id, kind, size]));
  return (
    <div
      ref={ref}
      className="float-place nodrag nopan nowheel"
      style={place === '' ? { visibility: 'hidden' } : { transform: place }}
    >
      {children}
    </div>
  );
}

/** A CSS transform; empty while something is dragged, when a toolbar would only be in the way. */
function placeOf(state: ReactFlowState, id: string, kind: FloatPlaceProps['kind'], size: Size): string {
  const { nodeLookup, width, height } = state;
  const [left, top, zoom] = state.transform;
  const onScreen = ({ x, y, width: w, height: h }: Box): Box => ({
    x: x * zoom + left,
    y: y * zoom + top,
    width: w * zoom,
    height: h * zoom,
  });
  const boxes = new Map<string, Box>();
  for (const [key, node] of nodeLookup) {
    if (node.dragging) return '';
    boxes.set(key, boxOfNode(node as InternalNode<ObjectNode>));
  }
  const labelOf = (edge: RelationEdge): Box | undefined => {
    const [source, target] = [boxes.get(edge.source), boxes.get(edge.target)];
    return source && target && edge.data && relationLabelBox(source, target, edge.data.relation, edge.data.route);
  };
  const edges = state.edges as RelationEdge[];
  const own = kind === 'object' ? boxes.get(id) : edges.filter((edge) => edge.id === id).map(labelOf)[0];
  if (!own) return '';
  const labels = edges.length > MAX_LABELS ? [] : edges.flatMap((edge) => labelOf(edge) ?? []);
  const { x, y } = placeToolbar(size, {
    anchor: grown(onScreen(own), kind === 'object' ? GRIP : 0),
    nodes: [...boxes.values()].map(onScreen),
    labels: labels.map(onScreen),
    bounds: { width, height },
  });
  return `translate(${(x - left) / zoom}px, ${(y - top) / zoom}px) scale(${1 / zoom})`;
}
