/** What a perfect verifier would say of scenes made of rectangles. */

import type { Box } from '#graph/places/geometry.ts';
import type { DetectionMaps } from './onnx-verifier.ts';

export interface SeenThing {
  readonly label: string;
  readonly box: Box;
  readonly depth: number;
  /** How sure the verifier is, 1 unless given. */
  readonly strength?: number;
}

const GRID = 16;

/**
 * Things hide each other by nearness no more than needed here: each shows all of its box.
 * @param ground what the rest of every cell shows, where it matters
 */
export function detectionMapsOf(
  labels: readonly string[],
  things: readonly SeenThing[],
  ground?: string,
): DetectionMaps {
  const area = GRID * GRID;
  const presence = new Float32Array(labels.length * area);
  const depth = new Float32Array(area);
  for (const { label, box, depth: nearness, strength = 1 } of things) {
    const map = presence.subarray(labels.indexOf(label) * area);
    for (let cell = 0; cell < area; cell++) {
      const share = inCell(box, cell) * strength;
      map[cell] = Math.min(1, map[cell]! + share);
      depth[cell] = Math.max(depth[cell]!, nearness * share);
    }
  }
  if (ground !== undefined) {
    const rest = presence.subarray(labels.indexOf(ground) * area, (labels.indexOf(ground) + 1) * area).fill(1);
    for (const { box, strength = 1 } of things) {
      for (let cell = 0; cell < area; cell++) rest[cell]! -= inCell(box, cell) * strength;
    }
  }
  return {
    presence: { data: presence, dims: [1, labels.length, GRID, GRID] },
    depth: { data: depth, dims: [1, GRID, GRID] },
  };
}

/** How much of a cell the box fills. */
const inCell = (box: Box, cell: number): number =>
  shareOf(box[0], box[2], cell % GRID) * shareOf(box[1], box[3], Math.floor(cell / GRID));

/** How much of the grid's row or column number i lies between two edges. */
const shareOf = (from: number, to: number, i: number): number =>
  Math.max(0, Math.min(1, to * GRID - i) - Math.max(0, from * GRID - i));
