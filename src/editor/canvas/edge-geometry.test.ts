import { describe, expect, it } from 'vitest';
import { type Box, edgeCurve, leave } from './edge-geometry.ts';

const left = { x: 0, y: 0, width: 100, height: 40 };
const right = { x: 300, y: 0, width: 100, height: 40 };
const beneath = { x: 0, y: 200, width: 100, height: 40 };
const curve = (source: Box, target: Box, lane: number) => edgeCurve(source, target, { lane, spread: 80, at: 0.5 });

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
    const { path, label } = curve(left, right, 0);
    expect(path).toBe('M 100 20 Q 200 20 295 20');
    expect(label.y).toBe(20);
    expect(label.x).toBeCloseTo(198.75);
  });

  it('keeps the labels of parallel relations apart: by their height beside a level edge, by their width beside an upright one', () => {
    const level = [-1, 0, 1].map((lane) => curve(left, right, lane).label.y);
    expect(level[1]! - level[0]!).toBeGreaterThanOrEqual(22);
    const upright = [-0.5, 0.5].map((lane) => curve(left, beneath, lane).label.x);
    expect(Math.abs(upright[1]! - upright[0]!)).toBeGreaterThanOrEqual(70);
  });

  it('bends to the other side when the direction is turned, so a lane keeps its place', () => {
    expect(curve(right, left, -0.5).label.y).toBeCloseTo(curve(left, right, 0.5).label.y, 0);
  });
});
