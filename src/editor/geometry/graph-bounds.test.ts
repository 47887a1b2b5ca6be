import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edgeCurve, pointAt, STRAIGHT } from './edge-geometry.ts';
import { type DrawnEdge, graphBounds } from './graph-bounds.ts';

const relation = { id: 'r1', subject: 'o1', predicate: 'left of', object: 'o2' };
const at = (x: number, y: number) => ({ x, y, width: 100, height: 40 });

describe('graphBounds', () => {
  it('is nothing for nothing, and the box of a node alone', () => {
    expect(graphBounds([], [])).toBeUndefined();
    expect(graphBounds([at(5, 7)], [])).toEqual(at(5, 7));
  });

  it('holds an edge that bulges', () => {
    const [source, target] = [at(0, 0), at(300, 0)];
    const straight = graphBounds([source, target], [{ source, target, relation, route: STRAIGHT }]);
    expect(straight).toEqual({ x: 0, y: 0, width: 400, height: 40 });
    const bulging = graphBounds([source, target], [{ source, target, relation, route: { across: 120, along: 0 } }]);
    expect(bulging?.height).toBeGreaterThan(120 + 20);
  });

  it('holds every point of every curve', () => {
    const number = fc.integer({ min: -500, max: 500 });
    const edge = fc.tuple(number, number, number, number).map(
      ([x, y, across, along]): DrawnEdge => ({
        source: at(0, 0),
        target: at(x, y),
        relation,
        route: { across, along },
      }),
    );
    fc.assert(
      fc.property(edge, fc.double({ min: 0, max: 1, noNaN: true }), (drawn, t) => {
        const { x, y, width, height } = graphBounds([drawn.source, drawn.target], [drawn])!;
        const point = pointAt(edgeCurve(drawn.source, drawn.target, drawn.route), t);
        const slack = 1e-6;
        expect(point.x).toBeGreaterThanOrEqual(x - slack);
        expect(point.x).toBeLessThanOrEqual(x + width + slack);
        expect(point.y).toBeGreaterThanOrEqual(y - slack);
        expect(point.y).toBeLessThanOrEqual(y + height + slack);
      }),
    );
  });
});
