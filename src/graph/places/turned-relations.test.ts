import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { sceneGraphs } from '#graph/scene-graph.fixture.ts';
import { type Box, geometricPredicates } from './geometry.ts';
import { turnedRelations, withTurned } from './turned-relations.ts';

const predicates = [...geometricPredicates, 'next to', 'on', 'under', 'standing on', 'behind', 'riding', 'over'];
const at = (x: number, y: number, size = 0.2): Box => [x - size / 2, y - size / 2, x + size / 2, y + size / 2];
const ground: Box = [0, 0.6, 1, 1];

/** What moving the first of two things does to the one relation between them. */
function turn(predicate: string, from: Box, to: Box, other: Box, said: readonly string[] = predicates) {
  const graph = graphOf(['sheep', 'tree'], [[0, predicate, 1]]);
  const boxes = new Map([
    ['o1', from],
    ['o2', other],
  ]);
  return turnedRelations(graph, boxes, { id: 'o1', to }, said).map((turned) => turned.predicate)[0];
}

describe('relations that a move turns', () => {
  const middle = at(0.5, 0.5);
  it('is where the thing is now, in sg2im’s words', () => {
    expect(turn('left of', at(0.2, 0.5), at(0.8, 0.5), middle)).toBe('right of');
    expect(turn('left of', at(0.2, 0.5), at(0.5, 0.1), middle)).toBe('above');
    expect(turn('left of', at(0.2, 0.5), at(0.1, 0.45), middle)).toBeUndefined();
    // Above it and left of it: left of it is still true.
    expect(turn('left of', at(0.2, 0.5), at(0.3, 0.2), middle)).toBeUndefined();
    expect(turn('above', at(0.5, 0.2), at(0.2, 0.3), middle)).toBeUndefined();
    expect(turn('left of', at(0.2, 0.5), at(0.7, 0.2), middle)).toBe('right of');
    expect(turn('next to', at(0.2, 0.5), at(0.8, 0.5), middle)).toBeUndefined();
    expect(turn('next to', at(0.2, 0.5), at(0.5, 0.9), middle)).toBe('below');
  });

  it('reads a relation from its other end as well', () => {
    const graph = graphOf(['sheep', 'tree'], [[1, 'left of', 0]]);
    const boxes = new Map([
      ['o1', at(0.8, 0.5)],
      ['o2', middle],
    ]);
    const [turned] = turnedRelations(graph, boxes, { id: 'o1', to: at(0.1, 0.5) }, predicates);
    expect(turned?.predicate).toBe('right of');
  });

  it('is above or below what fills the picture’s width, never beside it', () => {
    expect(turn('above', at(0.2, 0.2), at(0.9, 0.2), ground)).toBeUndefined();
    expect(turn('above', at(0.2, 0.2), at(0.2, 0.95), ground)).toBe('below');
  });

  it('is out of what it was inside of; a thing that is dragged over another is not inside of it', () => {
    expect(turn('inside', middle, at(0.9, 0.5), at(0.5, 0.5, 0.5))).toBe('right of');
    expect(turn('left of', at(0.1, 0.5), at(0.45, 0.5), at(0.5, 0.5, 0.6))).toBeUndefined();
  });

  it('rests on a thing, or lies under it; on a ground it may be anywhere', () => {
    expect(turn('on', at(0.5, 0.3), at(0.5, 0.8), middle)).toBe('under');
    expect(turn('under', at(0.5, 0.8), at(0.5, 0.2), middle)).toBe('on');
    expect(turn('on', at(0.5, 0.3), at(0.1, 0.5), middle)).toBeUndefined();
    expect(turn('standing on', at(0.5, 0.5), at(0.5, 0.95), ground)).toBeUndefined();
  });

  it('leaves alone what the picture never obeyed, what no place says, and what the model cannot say', () => {
    expect(turn('left of', at(0.8, 0.5), at(0.9, 0.5), middle)).toBeUndefined();
    expect(turn('behind', at(0.2, 0.5), at(0.8, 0.5), middle)).toBeUndefined();
    expect(turn('riding', at(0.5, 0.2), at(0.5, 0.9), middle)).toBeUndefined();
    expect(turn('left of', at(0.2, 0.5), at(0.8, 0.5), middle, ['left of'])).toBeUndefined();
    expect(turn('left of', at(0.2, 0.5), at(0.5, 0.1), middle, ['left of', 'over'])).toBe('over');
  });

  it('gives a place to what was not there; what is not there itself turns nothing', () => {
    const graph = graphOf(['sheep', 'tree'], [[0, 'left of', 1]]);
    const move = { id: 'o1', to: at(0.9, 0.5) };
    expect(turnedRelations(graph, new Map([['o2', middle]]), move, predicates)[0]?.predicate).toBe('right of');
    expect(turnedRelations(graph, new Map([['o1', at(0.1, 0.5)]]), move, predicates)).toEqual([]);
  });

  it('says nothing twice', () => {
    const graph = graphOf(
      ['sheep', 'tree'],
      [
        [0, 'left of', 1],
        [0, 'right of', 1],
      ],
    );
    const turned = [{ relation: graph.relations[0]!, predicate: 'right of' }];
    expect(withTurned(graph, turned).relations).toEqual([graph.relations[1]]);
  });

  const shares = fc.double({ min: 0, max: 1, noNaN: true });
  const boxes = fc.tuple(shares, shares, shares, shares).map(([x, y, w, h]): Box => {
    const [width, height] = [0.05 + 0.9 * w, 0.05 + 0.9 * h];
    return [x * (1 - width), y * (1 - height), x * (1 - width) + width, y * (1 - height) + height];
  });
  const moves = sceneGraphs.chain((graph) =>
    fc.record({
      graph: fc.constant(graph),
      places: fc.array(boxes, { minLength: graph.objects.length, maxLength: graph.objects.length }),
      index: fc.nat(Math.max(0, graph.objects.length - 1)),
      to: boxes,
    }),
  );

  it('touches the moved thing alone, keeps the ends, and a move that goes nowhere turns nothing', () => {
    fc.assert(
      fc.property(moves, ({ graph, places, index, to }) => {
        const id = graph.objects[index]?.id ?? 'nobody';
        const known = new Map(graph.objects.map((object, i) => [object.id, places[i]!]));
        const turned = turnedRelations(graph, known, { id, to }, predicates);
        const after = withTurned(graph, turned);
        for (const { relation, predicate } of turned) {
          expect([relation.subject, relation.object]).toContain(id);
          expect(predicate).not.toBe(relation.predicate);
        }
        expect(after.objects).toEqual(graph.objects);
        const untouched = graph.relations.filter((relation) => !turned.some((each) => each.relation === relation));
        expect(after.relations).toEqual(expect.arrayContaining(untouched));
        const stays = turnedRelations(graph, known, { id, to: known.get(id) ?? to }, predicates);
        expect(stays).toEqual([]);
      }),
    );
  });

  it('says where the thing is', () => {
    const sides = fc.constantFrom('left of', 'right of', 'above', 'below', 'next to');
    const middle = ([left, top, right, bottom]: Box) => ({ x: (left + right) / 2, y: (top + bottom) / 2 });
    fc.assert(
      fc.property(boxes, boxes, boxes, sides, (from, to, other, said) => {
        const predicate = turn(said, from, to, other);
        const [subject, object] = [middle(to), middle(other)];
        if (predicate === 'left of') expect(subject.x).toBeLessThan(object.x);
        if (predicate === 'right of') expect(subject.x).toBeGreaterThanOrEqual(object.x);
        if (predicate === 'above') expect(subject.y).toBeLessThan(object.y);
        if (predicate === 'below') expect(subject.y).toBeGreaterThanOrEqual(object.y);
      }),
    );
  });
});
