/** Where an object goes that nobody gave a place: near the middle of what is seen, and not on another one. */
import { currentGraph } from '#editor/document/document-store.ts';
import { overlaps } from '#editor/geometry/box-grid.ts';
import { nodeBox } from '#editor/geometry/element-sizes.ts';
import type { Point } from '#editor/interface/interface-store.ts';
import type { SceneObject } from '#graph/scene-graph.ts';
import { canvasCentre } from './canvas-handle.ts';

/** Of a node with a short word, and the air around it. */
const SIZE = { width: 132, height: 48 } as const;
const AIR = 14;
const STEP = 30;
/** In a crowd it may lie on others. */
const MAX_RINGS = 40;

/** @returns the top left corner, in canvas pixels */
export function freePlace(): Point {
  return freePlaceNear(canvasCentre().position, currentGraph().objects);
}

/** The free place nearest to a point that the new object is to have in its middle. */
export function freePlaceNear(middle: Point, objects: readonly SceneObject[]): Point {
  const corner = { x: Math.round(middle.x - SIZE.width / 2), y: Math.round(middle.y - SIZE.height / 2) };
  const taken = objects.map((object) => nodeBox(object));
  const isFree = ({ x, y }: Point) => {
    const box = { x: x - AIR, y: y - AIR, width: SIZE.width + 2 * AIR, height: SIZE.height + 2 * AIR };
    return !taken.some((other) => overlaps(other, box));
  };
  if (isFree(corner)) return corner;
  for (let ring = 1; ring <= MAX_RINGS; ring++) {
    for (let i = 0; i < 8 * ring; i++) {
      const angle = (2 * Math.PI * i) / (8 * ring);
      const place = {
        // Nodes are wider than high, and so is the ring.
        x: Math.round(corner.x + 1.6 * STEP * ring * Math.cos(angle)),
        y: Math.round(corner.y + STEP * ring * Math.sin(angle)),
      };
      if (isFree(place)) return place;
    }
  }
  return corner;
}
