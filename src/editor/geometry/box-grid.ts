/** Boxes by place: what lies near is found without looking at all of them. */
import type { Box } from './edge-geometry.ts';

const CELL = 160;
/** No label or node is larger; absurd coordinates from a file must not cost more. */
const MAX_CELLS = 64;

export function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

export class BoxGrid {
  readonly #cells = new Map<number, Box[]>();

  add(box: Box): void {
    for (const key of cellsOf(box)) {
      const cell = this.#cells.get(key);
      if (cell) cell.push(box);
      else this.#cells.set(key, [box]);
    }
  }

  isFree(box: Box): boolean {
    return cellsOf(box).every((key) => !this.#cells.get(key)?.some((other) => overlaps(other, box)));
  }

  /** Adds to `met` every box that overlaps this one. */
  meet(box: Box, met: Set<Box>): void {
    for (const key of cellsOf(box)) {
      for (const other of this.#cells.get(key) ?? []) if (overlaps(other, box)) met.add(other);
    }
  }
}

function cellsOf({ x, y, width, height }: Box): number[] {
  const keys: number[] = [];
  for (let column = Math.floor(x / CELL); column <= (x + width) / CELL; column++) {
    for (let row = Math.floor(y / CELL); row <= (y + height) / CELL; row++) {
      keys.push(column * 1_000_003 + row);
      if (keys.length === MAX_CELLS) return keys;
    }
  }
  return keys;
}
