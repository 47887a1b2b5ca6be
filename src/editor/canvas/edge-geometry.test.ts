import { describe, expect, it } from 'vitest';
import { edgeCurve, leave } from './edge-geometry.ts';

const left = { x: 0, y: 0, width: 100, height: 40 };
const right = { x: 300, y: 0, width: 100, height: 40 };

describe('leave', () => {
  it('finds the border of a box, and of the box grown by a margin', () => {
    expect(leave(left, { x: 350, y: 20 }, 0)).toEqual({ x: 100, y: 20 });
    expect(leave(left, { x: 350, y: 20 }, 5)).toEqual({ x: 105, y: 20 });
    expect(leave(left, { x: 50, y: -500 }, 0)).toEqual({ x: 50, y: 0 });
  });

  it('stays in the middle when there is no direction', () => {
    expect(leave(left, { x: 50, y: 20 }, 5)).toEqual({ x: 50, y: 20 });
  });
});

describe('edgeCurve', () => {
  it('runs straight in lane 0, with its label half way', () => {
    const { path, label } = edgeCurve(left, right, 0);
    expect(path).toBe('M 100 20 Q 200 20 295 20');
    expect(label.y).toBe(20);
    expect(label.x).toBeCloseTo(198.75);
  });

  it('keeps the labels of parallel relations apart by at least a label height', () => {
    const labels = [-1, 0, 1].map((lane) => edgeCurve(left, right, lane).label.y);
    expect(labels[1]! - labels[0]!).toBeGreaterThanOrEqual(22);
    expect(labels[2]! - labels[1]!).toBeGreaterThanOrEqual(22);
  });

  it('bends to the other side when the direction is turned, so a lane keeps its place', () => {
    const there = edgeCurve(left, right, 0.5).label;
    const back = edgeCurve(right, left, -0.5).label;
    expect(back.y).toBeCloseTo(there.y, 0);
  });
});
