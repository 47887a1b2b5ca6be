import { describe, expect, it } from 'vitest';
import { examples } from '#graph/examples.ts';
import { EMPTY_SCENE_GRAPH, type Relation } from '#graph/scene-graph.ts';
import { fanOut, routesOf } from './routes.ts';

const relation = (id: string, subject: string, object: string): Relation => ({ id, subject, predicate: 'on', object });

describe('fanOut', () => {
  it('leaves a lone relation straight and spreads parallel ones about 0', () => {
    expect(fanOut([relation('r1', 'a', 'b')])).toEqual([0]);
    expect(fanOut([relation('r1', 'a', 'b'), relation('r2', 'a', 'b'), relation('r3', 'a', 'b')])).toEqual([-1, 0, 1]);
  });

  it('never lays two opposite relations on one another: the turned one has the turned sign', () => {
    // In the direction a → b these are −½ and +½.
    expect(fanOut([relation('r1', 'a', 'b'), relation('r2', 'b', 'a')])).toEqual([-0.5, -0.5]);
  });
});

describe('routesOf', () => {
  const object = (id: string, y: number) => ({ id, label: id, attributes: [], position: { x: 0, y } });

  it('leads a relation around an object that stands between its ends', () => {
    const routes = routesOf({
      ...EMPTY_SCENE_GRAPH,
      objects: [object('sky', 0), object('sheep', 150), object('grass', 300)],
      relations: [relation('r1', 'sky', 'grass'), relation('r2', 'sheep', 'grass')],
    });
    expect(routes.get('r1')?.lane).not.toBe(0);
    expect(routes.get('r2')?.lane).toBe(0);
  });

  it('gives every relation of every example a route', () => {
    for (const { graph } of examples) expect(routesOf(graph).size).toBe(graph.relations.length);
  });
});
