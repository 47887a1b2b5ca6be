/** Lines up boxes by an edge or a middle, or spaces them evenly. Positions are top left corners in canvas pixels, y points down. */
import type { SceneObject } from '#graph/scene-graph.ts';

type Position = SceneObject['position'];

export interface PlacedBox {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Alignment = 'left' | 'centre' | 'right' | 'top' | 'middle' | 'bottom';

/** New places, in whole pixels, on a line of the box around all of them: its left edge, its middle … */
export function align(boxes: readonly PlacedBox[], to: Alignment): Map<string, Position> {
  const { left, top, right, bottom } = around(boxes);
  const place = ({ x, y, width, height }: PlacedBox): Position => {
    switch (to) {
      case 'left':
        return { x: left, y };
      case 'centre':
        return { x: (left + right - width) / 2, y };
      case 'right':
        return { x: right - width, y };
      case 'top':
        return { x, y: top };
      case 'middle':
        return { x, y: (top + bottom - height) / 2 };
      case 'bottom':
        return { x, y: bottom - height };
      default:
        return to satisfies never;
    }
  };
  return new Map(boxes.map((box) => [box.id, rounded(place(box))]));
}

/** Equal gaps between neighbours, within the space that they take now; gaps turn to overlaps where there is too little of it. */
export function distribute(boxes: readonly PlacedBox[], direction: 'across' | 'down'): Map<string, Position> {
  const { left, top, right, bottom } = around(boxes);
  const isAcross = direction === 'across';
  const startOf = ({ x, y }: PlacedBox) => (isAcross ? x : y);
  const lengthOf = ({ width, height }: PlacedBox) => (isAcross ? width : height);
  const space = isAcross ? right - left : bottom - top;
  const filled = boxes.reduce((sum, box) => sum + lengthOf(box), 0);
  const gap = (space - filled) / Math.max(1, boxes.length - 1);
  let next = isAcross ? left : top;
  const places = new Map<string, Position>();
  for (const box of [...boxes].sort((a, b) => startOf(a) - startOf(b))) {
    places.set(box.id, rounded(isAcross ? { x: next, y: box.y } : { x: box.x, y: next }));
    next += lengthOf(box) + gap;
  }
  return places;
}

const rounded = ({ x, y }: Position): Position => ({ x: Math.round(x), y: Math.round(y) });

/** The smallest box that holds all. */
export function around(boxes: readonly Omit<PlacedBox, 'id'>[]): {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
} {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of boxes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return { left, top, right, bottom };
}
