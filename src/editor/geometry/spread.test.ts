import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spread, type Wish } from './spread.ts';

const room = { x: 10, y: 20, width: 560, height: 560 };
const wish = (id: string, x: number, y: number, width = 90): Wish => ({ id, at: { x, y }, width, height: 30 });

const wishes = fc
  .array(
    fc.record({
      x: fc.double({ min: -50, max: 700, noNaN: true }),
      y: fc.double({ min: -50, max: 700, noNaN: true }),
      width: fc.integer({ min: 50, max: 140 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((list) => list.map(({ x, y, width }, i) => wish(`o${i}`, x, y, width)));

describe('spread', () => {
  it('leaves alone what is not in the way', () => {
    const places = spread([wish('a', 100, 100), wish('b', 400, 300)], room);
    expect([...places.values()]).toEqual([
      { x: 100, y: 100 },
      { x: 400, y: 300 },
    ]);
  });

  it('puts a rider above its horse, each half of the way', () => {
    const places = spread([wish('boy', 300, 290), wish('horse', 300, 300)], room);
    const [boy, horse] = [places.get('boy')!, places.get('horse')!];
    expect(boy.x).toBe(300);
    expect(horse.y - boy.y).toBeCloseTo(36);
    expect((boy.y + horse.y) / 2).toBeCloseTo(295);
  });

  it('keeps all inside and none on another, though all want the same place', () => {
    fc.assert(
      fc.property(wishes, fc.boolean(), (list, isHeap) => {
        const asked = isHeap ? list.map((each) => ({ ...each, at: list[0]!.at })) : list;
        const places = spread(asked, room);
        for (const [i, a] of asked.entries()) {
          const at = places.get(a.id)!;
          expect(at.x - a.width / 2).toBeGreaterThanOrEqual(room.x);
          expect(at.x + a.width / 2).toBeLessThanOrEqual(room.x + room.width);
          expect(at.y - a.height / 2).toBeGreaterThanOrEqual(room.y);
          expect(at.y + a.height / 2).toBeLessThanOrEqual(room.y + room.height);
          for (const b of asked.slice(i + 1)) {
            const other = places.get(b.id)!;
            const apartX = Math.abs(at.x - other.x) - (a.width + b.width) / 2;
            const apartY = Math.abs(at.y - other.y) - (a.height + b.height) / 2;
            expect(Math.max(apartX, apartY)).toBeGreaterThan(-1);
          }
        }
      }),
    );
  });
});
