import { type Edge, type InternalNode, MarkerType, type Node } from 'reactflow';
import type { Selection } from '#editor/document/document-store.ts';
import type { Relation, SceneGraph, SceneObject } from '#graph/scene-graph.ts';
import { namesOf } from '#graph/words/describe.ts';
import { type Box, type Route, STRAIGHT } from './edge-geometry.ts';
import { nodeBox, type Size } from './element-sizes.ts';

export type ObjectNode = Node<{ object: SceneObject }, 'object'>;
export type RelationEdge = Edge<
  {
    relation: Relation;
    route: Route;
    /** The two ends, and how large they are drawn: an edge looks nothing up when something moves. */
    subject: SceneObject;
    object: SceneObject;
    subjectSize: Size;
    objectSize: Size;
  },
  'relation'
>;

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

/** Edges for React Flow, each on its route. An edge that did not change keeps its identity. @param sizes of nodes that were measured */
export function toEdges(
  previous: readonly RelationEdge[],
  graph: SceneGraph,
  selection: Selection,
  routes: ReadonlyMap<string, Route>,
  sizes: ReadonlyMap<string, Size> = new Map(),
): RelationEdge[] {
  const objects = new Map(graph.objects.map((object) => [object.id, object]));
  const known = new Map(previous.map((edge) => [edge.id, edge]));
  const selected = new Set(selection.relations);
  return graph.relations.flatMap((relation) => {
    const [subject, object] = [objects.get(relation.subject), objects.get(relation.object)];
    if (!subject || !object) return [];
    const old = known.get(relation.id);
    const route = routes.get(relation.id) ?? STRAIGHT;
    const isSelected = selected.has(relation.id);
    const [subjectSize, objectSize] = [sizeOf(subject, sizes), sizeOf(object, sizes)];
    const data = { relation, route, subject, object, subjectSize, objectSize };
    if (old?.data && old.selected === isSelected && isSameData(old.data, data)) return [old];
    const edge: RelationEdge = {
      id: relation.id,
      type: 'relation',
      source: relation.subject,
      target: relation.object,
      data,
      selected: isSelected,
      focusable: false,
      markerEnd: isSelected ? selectedArrow : arrow,
    };
    return [edge];
  });
}

function sizeOf(object: SceneObject, sizes: ReadonlyMap<string, Size>): Size {
  return sizes.get(object.id) ?? nodeBox(object);
}

function isSameData(a: NonNullable<RelationEdge['data']>, b: NonNullable<RelationEdge['data']>): boolean {
  return (
    a.relation === b.relation &&
    a.subject === b.subject &&
    a.object === b.object &&
    a.route.across === b.route.across &&
    a.route.along === b.route.along &&
    isSameSize(a.subjectSize, b.subjectSize) &&
    isSameSize(a.objectSize, b.objectSize)
  );
}

const isSameSize = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;

/** Where a node is right now, under the hand as well. */
export function boxOfNode({ data, internals, measured: { width, height } }: InternalNode<ObjectNode>): Box {
  const size = width !== undefined && height !== undefined ? { width, height } : undefined;
  return { ...nodeBox(data.object, size), ...internals.positionAbsolute };
}
