import { describe, expect, it } from 'vitest';
import { overlaps } from '#editor/geometry/box-grid.ts';
import { nodeBox } from '#editor/geometry/element-sizes.ts';
import type { SceneObject } from '#graph/scene-graph.ts';
import { freePlaceNear } from './free-place.ts';

describe('freePlaceNear', () => {
  it('is the middle when nothing is there', () => {
    expect(freePlaceNear({ x: 500, y: 300 }, [])).toEqual({ x: 434, y: 276 });
  });

  it('lays many objects beside each other, none on another, all near the middle', () => {
    const objects: SceneObject[] = [];
    for (let i = 0; i < 30; i++) {
      objects.push({ id: `o${i}`, label: 'sheep', attributes: [], position: freePlaceNear({ x: 0, y: 0 }, objects) });
    }
    const boxes = objects.map((object) => nodeBox(object));
    for (const [i, box] of boxes.entries()) {
      expect(boxes.slice(i + 1).some((other) => overlaps(box, other))).toBe(false);
      expect(Math.hypot(box.x, box.y)).toBeLessThan(900);
    }
  });
});
