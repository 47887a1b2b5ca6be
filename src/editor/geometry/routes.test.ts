import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examples } from '#editor/examples/examples.ts';
import { EMPTY_SCENE_GRAPH, type Relation, type SceneGraph } from '#graph/scene-graph.ts';
import { overlaps } from './box-grid.ts';
import type { Box } from './edge-geometry.ts';
import { nodeBox } from './element-sizes.ts';
import { relationLabelBox } from './route-search.ts';
import { fanOut, nextRouting, type Routing, routesOf } from './routes.ts';

const relation = (id: string, subject: string, object: string, predicate = 'on'): Relation => ({
  id,
  subject,
  predicate,
  object,
});
const object = (id: string, x: number, y: number, label = id) => ({ id, label, attributes: [], position: { x, y } });

/** Where everything with words on it ends up. */
function boxesOf(graph: SceneGraph, routes = routesOf(graph)): { nodes: Box[]; labels: Box[] } {
  const boxes = new Map(graph.objects.map((each) => [each.id, nodeBox(each)]));
  const labels = graph.relations.map((each) =>
    relationLabelBox(boxes.get(each.subject)!, boxes.get(each.object)!, each, routes.get(each.id)!),
  );
  return { nodes: [...boxes.values()], labels };
}

function collisions({ nodes, labels }: { nodes: Box[]; labels: Box[] }): number {
  const among = labels.flatMap((a, i) => labels.slice(i + 1).filter((b) => overlaps(a, b)));
  return among.length + labels.flatMap((label) => nodes.filter((node) => overlaps(node, label))).length;
}

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
  it('leads a relation around an object that stands between its ends', () => {
    const routes = routesOf({
      ...EMPTY_SCENE_GRAPH,
      objects: [object('sky', 0, 0), object('sheep', 0, 150), object('grass', 0, 300)],
      relations: [relation('r1', 'sky', 'grass'), relation('r2', 'sheep', 'grass')],
    });
    expect(routes.get('r1')?.across).not.toBe(0);
    expect(routes.get('r2')?.across).toBe(0);
  });

  it('fans out relations between the same two objects evenly, by the height of a label or by its width', () => {
    const both = (x: number, y: number) => {
      const graph = {
        ...EMPTY_SCENE_GRAPH,
        objects: [object('a', 0, 0), object('b', x, y)],
        relations: [
          relation('r1', 'a', 'b'),
          relation('r2', 'a', 'b', 'standing on'),
          relation('r3', 'b', 'a', 'under'),
        ],
      };
      const { labels } = boxesOf(graph);
      return labels.map((label) => ({ x: label.x + label.width / 2, y: label.y + label.height / 2 }));
    };
    const level = both(400, 0).map(({ y }) => y);
    expect(level[1]! - level[0]!).toBeCloseTo(level[2]! - level[1]!);
    expect(Math.abs(level[1]! - level[0]!)).toBeLessThan(40);
    const upright = both(0, 400).map(({ x }) => x);
    expect(Math.abs(upright[1]! - upright[0]!)).toBeGreaterThan(100);
  });

  it('no label overlaps another or a node in any example', () => {
    for (const { name, graph } of examples) expect(collisions(boxesOf(graph)), name).toBe(0);
  });

  const coordinate = fc.integer({ min: 0, max: 700 });
  const word = fc.constantFrom('on', 'left of', 'standing on', 'in front of', 'mmmmwwww', '在上面');
  const graphs = fc
    .array(fc.record({ x: coordinate, y: coordinate, label: word }), { minLength: 2, maxLength: 12 })
    .chain((places) => {
      const end = fc.nat({ max: places.length - 1 });
      const triples = fc.array(fc.tuple(end, word, end), { maxLength: 30 });
      return triples.map(
        (list): SceneGraph => ({
          ...EMPTY_SCENE_GRAPH,
          objects: places.map(({ x, y, label }, i) => object(`o${i}`, x, y, label)),
          relations: list
            .filter(([subject, , target]) => subject !== target)
            .map(([subject, predicate, target], i) => relation(`r${i}`, `o${subject}`, `o${target}`, predicate)),
        }),
      );
    });

  it('no label overlaps another or a node in any graph, however crowded and whatever is parallel', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const boxes = boxesOf(graph);
        expect(boxes.labels.length).toBe(graph.relations.length);
        expect(collisions(boxes)).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  it('lays out 300 objects and 600 relations without a collision', () => {
    expect(collisions(boxesOf(large(300, 600)))).toBe(0);
  });
});

/** Objects in rows, each related to some others far away. */
function large(objectCount: number, relationCount: number): SceneGraph {
  const objects = Array.from({ length: objectCount }, (_, i) =>
    object(`o${i}`, (i % 20) * 240, Math.floor(i / 20) * 140, 'tree'),
  );
  const relations = Array.from({ length: relationCount }, (_, i) =>
    relation(`r${i}`, `o${i % objectCount}`, `o${(i * 7 + (i < objectCount ? 1 : 20)) % objectCount}`, 'left of'),
  ).filter(({ subject, object: end }) => subject !== end);
  return { ...EMPTY_SCENE_GRAPH, objects, relations };
}

describe('nextRouting', () => {
  const none = new Map();

  it('of a small graph finds what routesOf finds, whatever was before', () => {
    const [{ graph: first } = { graph: EMPTY_SCENE_GRAPH }, { graph: second } = { graph: EMPTY_SCENE_GRAPH }] =
      examples;
    expect(nextRouting(nextRouting(undefined, first, none), second, none).routes).toEqual(routesOf(second));
  });

  it('of a large graph leaves alone what the change does not touch', () => {
    const graph = large(100, 200);
    const before = nextRouting(undefined, graph, none);
    expect(before.routes).toEqual(routesOf(graph));
    const [first, ...rest] = graph.objects;
    const away = { ...graph, objects: [{ ...first!, position: { x: -4000, y: -4000 } }, ...rest] };
    const after = nextRouting(before, away, none);
    const isOf = ({ subject, object: end }: Relation) => subject === first!.id || end === first!.id;
    const [own, others] = [away.relations.filter(isOf), away.relations.filter((each) => !isOf(each))];
    for (const { id } of others) expect(after.routes.get(id)).toBe(before.routes.get(id));
    for (const { id } of own) expect(after.routes.get(id)).not.toBe(before.routes.get(id));
  });

  it('never lets labels overlap, however a large graph is changed', () => {
    const start = large(80, 200);
    const place = fc.record({ x: fc.integer({ min: -300, max: 5000 }), y: fc.integer({ min: -200, max: 700 }) });
    const change = fc.oneof(
      fc.tuple(fc.constant('move' as const), fc.nat({ max: 79 }), place),
      fc.tuple(fc.constant('remove' as const), fc.nat({ max: 199 }), place),
      fc.tuple(fc.constant('rename' as const), fc.nat({ max: 199 }), place),
      fc.tuple(fc.constant('relate' as const), fc.nat({ max: 78 }), place),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        let graph = start;
        let routing: Routing = nextRouting(undefined, graph, none);
        for (const [step, [kind, index, position]] of changes.entries()) {
          const { objects, relations } = graph;
          if (kind === 'move')
            graph = { ...graph, objects: objects.map((each, i) => (i === index ? { ...each, position } : each)) };
          else if (kind === 'remove') graph = { ...graph, relations: relations.filter((_, i) => i !== index) };
          else if (kind === 'rename')
            graph = {
              ...graph,
              relations: relations.map((each, i) => (i === index ? { ...each, predicate: 'standing on' } : each)),
            };
          else graph = { ...graph, relations: [...relations, relation(`n${step}`, `o${index}`, `o${index + 1}`)] };
          routing = nextRouting(routing, graph, none);
          const boxes = boxesOf(graph, routing.routes);
          expect(boxes.labels).toHaveLength(graph.relations.length);
          expect(collisions(boxes)).toBe(0);
        }
      }),
      { numRuns: 12 },
    );
  }, 30_000);
});
