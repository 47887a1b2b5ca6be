import { type Edge, type InternalNode, MarkerType, type Node } from 'reactflow';
import type { Selection } from '#editor/state/document-store.ts';
import { namesOf } from '#graph/describe.ts';
import type { Relation, SceneGraph, SceneObject } from '#graph/scene-graph.ts';
import { type Box, type Route, STRAIGHT } from './edge-geometry.ts';
import { nodeBox } from './element-sizes.ts';

export type ObjectNode = Node<{ object: SceneObject }, 'object'>;
export type RelationEdge = Edge<{ relation: Relation; route: Route }, 'relation'>;

const arrow = { type: MarkerType.ArrowClosed, width: 18, height: 18, color: 'var(--edge)' } as const;
const selectedArrow = { ...arrow, width: 13, height: 13, color: 'var(--accent)' } as const;

/**
 * Nodes for React Flow. A node that did not change keeps its identity (and the size React Flow measured), so that only
 * what changed is drawn again.
 */
export function toNodes(previous: readonly ObjectNode[], graph: SceneGraph, selection: Selection): ObjectNode[] {
  const known = new Map(previous.map((node) => [node.id, node]));
  const selected = new Set(selection.objects);
  const names = namesOf(graph);
  return graph.objects.map((object) => {
    const old = known.get(object.id);
    const isSelected = selected.has(object.id);
    const ariaLabel = `Object ${names.get(object.id)}`;
    if (old && old.data.object === object && old.selected === isSelected && old.ariaLabel === ariaLabel) return old;
    return {
      ...old,
      id: object.id,
      type: 'object',
      position: old && old.data.object.position === object.position ? old.position : { ...object.position },
      data: { object },
      selected: isSelected,
      ariaRole: 'button',
      ariaLabel,
      domAttributes: { 'aria-pressed': isSelected },
    };
  });
}

/** Edges for React Flow, each on its route. An edge that did not change keeps its identity. */
export function toEdges(
  previous: readonly RelationEdge[],
  graph: SceneGraph,
  selection: Selection,
  routes: ReadonlyMap<string, Route>,
): RelationEdge[] {
  const known = new Map(previous.map((edge) => [edge.id, edge]));
  const selected = new Set(selection.relations);
  return graph.relations.map((relation) => {
    const old = known.get(relation.id);
    const route = routes.get(relation.id) ?? STRAIGHT;
    const isSelected = selected.has(relation.id);
    if (old?.data?.relation === relation && sameRoute(old.data.route, route) && old.selected === isSelected) return old;
    return {
      id: relation.id,
      type: 'relation',
      source: relation.subject,
      target: relation.object,
      data: { relation, route },
      selected: isSelected,
      focusable: false,
      markerEnd: isSelected ? selectedArrow : arrow,
    };
  });
}

function sameRoute(a: Route, b: Route): boolean {
  return a.across === b.across && a.along === b.along;
}

/** Where a node is right now, under the hand as well. */
export function boxOfNode({ data, internals, measured: { width, height } }: InternalNode<ObjectNode>): Box {
  const size = width !== undefined && height !== undefined ? { width, height } : undefined;
  return { ...nodeBox(data.object, size), ...internals.positionAbsolute };
}
