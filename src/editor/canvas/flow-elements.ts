import type { Edge, Node } from 'reactflow';
import type { Selection } from '#editor/state/document-store.ts';
import { namesOf } from '#graph/describe.ts';
import type { Relation, SceneGraph, SceneObject } from '#graph/scene-graph.ts';

export type ObjectNode = Node<{ object: SceneObject }, 'object'>;
export type RelationEdge = Edge<{ relation: Relation; lane: number }, 'relation'>;

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

/**
 * Edges for React Flow. Relations between the same two objects fan out: their lanes are symmetric about 0 and counted in
 * one direction (from the smaller id), so that a → b and b → a never share a lane.
 */
export function toEdges(previous: readonly RelationEdge[], graph: SceneGraph, selection: Selection): RelationEdge[] {
  const known = new Map(previous.map((edge) => [edge.id, edge]));
  const selected = new Set(selection.relations);
  const lanes = fanOut(graph.relations);
  return graph.relations.map((relation) => {
    const old = known.get(relation.id);
    const lane = lanes.get(relation.id) ?? 0;
    const isSelected = selected.has(relation.id);
    if (old?.data?.relation === relation && old.data.lane === lane && old.selected === isSelected) return old;
    return {
      id: relation.id,
      type: 'relation',
      source: relation.subject,
      target: relation.object,
      data: { relation, lane },
      selected: isSelected,
      focusable: false,
    };
  });
}

/** Lane of each relation: 0 alone, −½ and ½ for two, −1, 0, 1 for three; the sign is relative to the edge's own direction. */
export function fanOut(relations: readonly Relation[]): Map<string, number> {
  const bundles = new Map<string, Relation[]>();
  for (const relation of relations) {
    const key = [relation.subject, relation.object].sort().join('\u0000');
    const bundle = bundles.get(key);
    if (bundle) bundle.push(relation);
    else bundles.set(key, [relation]);
  }
  const lanes = new Map<string, number>();
  for (const bundle of bundles.values()) {
    bundle.forEach((relation, index) => {
      const lane = index - (bundle.length - 1) / 2;
      lanes.set(relation.id, relation.subject < relation.object ? lane : -lane);
    });
  }
  return lanes;
}
