import { describe, expect, it } from 'vitest';
import { EMPTY_SCENE_GRAPH, type Relation, type SceneGraph } from '#graph/scene-graph.ts';
import { toEdges, toNodes } from './flow-elements.ts';
import { routesOf } from './routes.ts';

const relation = (id: string, subject: string, object: string): Relation => ({ id, subject, predicate: 'on', object });
const none = { objects: [], relations: [] };

describe('toNodes and toEdges', () => {
  const graph: SceneGraph = {
    ...EMPTY_SCENE_GRAPH,
    objects: [
      { id: 'a', label: 'sheep', attributes: ['white'], position: { x: 0, y: 0 } },
      { id: 'b', label: 'grass', attributes: [], position: { x: 0, y: 90 } },
    ],
    relations: [relation('r1', 'a', 'b')],
  };

  it('keeps what did not change, so that nothing is drawn twice', () => {
    const nodes = toNodes([], graph, none);
    const again = toNodes(
      nodes,
      { ...graph, objects: [graph.objects[0]!, { ...graph.objects[1]!, label: 'sand' }] },
      none,
    );
    expect(again[0]).toBe(nodes[0]);
    expect(again[1]).not.toBe(nodes[1]);
    const edges = toEdges([], graph, none, routesOf(graph));
    expect(toEdges(edges, graph, none, routesOf(graph))[0]).toBe(edges[0]);
    expect(toEdges(edges, graph, { objects: [], relations: ['r1'] }, routesOf(graph))[0]?.selected).toBe(true);
  });

  it('takes a new position from the document, and names the object for assistive technology', () => {
    const nodes = toNodes([], graph, none);
    const moved = { ...graph, objects: [{ ...graph.objects[0]!, position: { x: 50, y: 60 } }, graph.objects[1]!] };
    expect(toNodes(nodes, moved, none)[0]?.position).toEqual({ x: 50, y: 60 });
    expect(nodes[0]?.ariaLabel).toBe('Object white sheep');
  });
});
