/** How the room of the canvas is shared by the picture and what waits beside it. */
import type { Box } from '#editor/geometry/edge-geometry.ts';
import type { Size } from '#editor/geometry/element-sizes.ts';
import type { Point } from '#editor/interface/interface-store.ts';
import type { Box as Shares } from '#graph/places/geometry.ts';

export interface Surface {
  /** The picture, as large as it can be. */
  readonly frame: Box;
  /** Beside it, or below where the room is upright. */
  readonly shelf: Box;
}

const MARGIN = 14;
/** Of the line of words below the picture. */
export const FOOT = 54;
/** Of the shelf, when something waits on it. */
const SHELF = { width: 156, height: 92 } as const;

/** @param aspect width by height of the picture */
export function surfaceOf({ width, height }: Size, aspect: number, hasWaiting: boolean): Surface {
  const isUpright = height > width;
  const beside = hasWaiting && !isUpright ? SHELF.width : 0;
  const below = hasWaiting && isUpright ? SHELF.height : 0;
  const room = {
    width: Math.max(80, width - 2 * MARGIN - beside),
    height: Math.max(80, height - MARGIN - FOOT - below),
  };
  const scale = Math.min(room.width / aspect, room.height);
  const size = { width: Math.round(scale * aspect), height: Math.round(scale) };
  const frame = {
    x: Math.round(MARGIN + (room.width - size.width) / 2),
    y: Math.round(MARGIN + (room.height - size.height) / 2),
    ...size,
  };
  const shelf = isUpright
    ? { x: frame.x, y: frame.y + frame.height + 26, width: frame.width, height: SHELF.height - 30 }
    : { x: frame.x + frame.width + MARGIN, y: frame.y + 26, width: SHELF.width - MARGIN, height: frame.height - 26 };
  return { frame, shelf };
}

/** From shares of the picture to pixels of the surface. */
export const middleOf = ([left, top, right, bottom]: Shares, { x, y, width, height }: Box): Point => ({
  x: x + ((left + right) / 2) * width,
  y: y + ((top + bottom) / 2) * height,
});

/** The box moved, its middle no farther than the picture's border. @param by in shares of the picture */
export function movedBy([left, top, right, bottom]: Shares, by: Point): Shares {
  const within = (middle: number, step: number) => Math.min(1, Math.max(0, middle + step)) - middle;
  const [x, y] = [within((left + right) / 2, by.x), within((top + bottom) / 2, by.y)];
  return [left + x, top + y, right + x, bottom + y];
}

/** Whether the middle of a moved box is in the picture. */
export function isInPicture([left, top, right, bottom]: Shares, by: Point): boolean {
  const [x, y] = [(left + right) / 2 + by.x, (top + bottom) / 2 + by.y];
  return x >= 0 && x <= 1 && y >= 0 && y <= 1;
}
