import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInPicture, middleOf, movedBy, surfaceOf } from './surface.ts';

const rooms = fc.record({ width: fc.integer({ min: 320, max: 2000 }), height: fc.integer({ min: 300, max: 1400 }) });

describe('the room of picture and shelf', () => {
  it('holds the picture whole in its own shape, and the shelf beside or below it', () => {
    fc.assert(
      fc.property(rooms, fc.double({ min: 0.5, max: 2, noNaN: true }), fc.boolean(), (room, aspect, hasWaiting) => {
        const { frame, shelf } = surfaceOf(room, aspect, hasWaiting);
        expect(Math.abs(frame.width - frame.height * aspect)).toBeLessThanOrEqual(1 + aspect);
        const boxes = hasWaiting ? [frame, shelf] : [frame];
        for (const { x, y, width, height } of boxes) {
          expect(Math.min(x, y, width, height)).toBeGreaterThanOrEqual(0);
          expect(x + width).toBeLessThanOrEqual(room.width);
          expect(y + height).toBeLessThanOrEqual(room.height);
        }
        const isApart = shelf.x >= frame.x + frame.width || shelf.y >= frame.y + frame.height;
        expect(isApart).toBe(true);
      }),
    );
  });

  it('moves a box until its middle is at the border', () => {
    const box = [0.2, 0.2, 0.4, 0.6] as const;
    expect(movedBy(box, { x: 0.1, y: -0.1 })).toEqual([0.3, 0.1, 0.5, 0.5].map((x) => expect.closeTo(x)));
    expect(movedBy(box, { x: 5, y: -5 })).toEqual([0.9, -0.2, 1.1, 0.2].map((x) => expect.closeTo(x)));
    expect(isInPicture(box, { x: 0.1, y: 0 })).toBe(true);
    expect(isInPicture(box, { x: 0.8, y: 0 })).toBe(false);
    expect(middleOf(box, { x: 10, y: 0, width: 100, height: 200 })).toEqual({ x: expect.closeTo(40), y: 80 });
  });
});
