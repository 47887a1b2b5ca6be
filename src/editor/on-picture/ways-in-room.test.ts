import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlaps } from '#editor/geometry/box-grid.ts';
import { type Box, edgeCurve } from '#editor/geometry/edge-geometry.ts';
import { LABEL_HEIGHT, labelWidth } from '#editor/geometry/element-sizes.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { edgesOf, layOutChips } from './scene.ts';

const labels = ['boy', 'traffic light', 'dog', 'sheep', 'tree', 'potted plant', 'bus', 'sky', 'grass'];
const predicates = ['left of', 'right of', 'in front of', 'standing on', 'on', 'surrounding'];

/** Of the canvas on a telephone, and beside palette and panel at 1280 pixels. */
const rooms = fc.constantFrom({ width: 390, height: 640 }, { width: 714, height: 660 });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const scenes = fc.record({
  room: rooms,
  /** Left, top, and how large; a thing that is not in the picture waits beside it. */
  places: fc.array(fc.option(fc.tuple(share, share, share)), { minLength: 5, maxLength: labels.length }),
  edges: fc.uniqueArray(fc.tuple(fc.nat(8), fc.nat(predicates.length - 1), fc.nat(8)), {
    minLength: 7,
    maxLength: 11,
    selector: ([a, , b]) => [a, b].sort().join(),
  }),
});
type Drawn = typeof scenes extends fc.Arbitrary<infer Value> ? Value : never;

function layOut({ room, places, edges }: Drawn) {
  const count = places.length;
  const graph = graphOf(
    labels.slice(0, count),
    edges
      .map(([a, predicate, b]) => [a % count, predicates[predicate]!, b % count] as const)
      .filter(([a, , b]) => a !== b),
  );
  const boxes = new Map(
    places.flatMap((place, i) => {
      if (!place) return [];
      const [left, top, size] = place;
      return [
        [graph.objects[i]!.id, [left * 0.9, top * 0.9, left * 0.9 + 0.1 * size, top * 0.9 + 0.1 * size]] as const,
      ];
    }),
  );
  const sizes = new Map(graph.objects.map(({ id, label }) => [id, { width: 58 + 7 * label.length, height: 30 }]));
  const { middles, surface } = layOutChips(graph, boxes, { room, aspect: 1, sizes });
  const drawn = edgesOf(graph, null, { middles, sizes, turned: [], room });
  const chips = graph.objects.map(({ id }): Box => {
    const [at, size] = [middles.get(id)!, sizes.get(id)!];
    return { x: at.x - size.width / 2, y: at.y - size.height / 2, ...size };
  });
  const written = drawn.map(({ relation, source, target, route }): Box => {
    const [{ label }, width] = [edgeCurve(source, target, route), labelWidth(relation)];
    return { x: label.x - width / 2, y: label.y - LABEL_HEIGHT / 2, width, height: LABEL_HEIGHT };
  });
  return { drawn, chips, written, frame: surface.frame };
}

describe('labels on a picture', () => {
  it('lie under no chip, on no other label, and in the room', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const { chips, written } = layOut(scene);
        for (const [i, label] of written.entries()) {
          for (const other of [...chips, ...written.slice(i + 1)]) expect(overlaps(label, other)).toBe(false);
          expect(Math.min(label.x, label.y)).toBeGreaterThanOrEqual(-0.01);
          expect(label.x + label.width).toBeLessThanOrEqual(scene.room.width + 0.01);
          expect(label.y + label.height).toBeLessThanOrEqual(scene.room.height);
        }
      }),
    );
  });

  it('lie where they lay before', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        expect(layOut(scene).drawn).toEqual(layOut(scene).drawn);
      }),
      { numRuns: 20 },
    );
  });
});
