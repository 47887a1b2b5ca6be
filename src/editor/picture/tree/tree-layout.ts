/** Where the nodes of the history's tree stand, and where the arrow keys lead from them. */
import type { PlacedNode } from '#editor/history/tree.ts';

/** In pixels. Between two pictures is room for what changed. */
const SIDE = 60;
const COLUMN = 196;
const ROW = 76;
const MARGIN = 8;

export const leftOf = ({ column }: PlacedNode): number => MARGIN + column * COLUMN;
export const topOf = ({ row }: PlacedNode): number => MARGIN + row * ROW;

export function treeSize(places: readonly PlacedNode[]): { readonly width: number; readonly height: number } {
  const [columns, rows] = [
    Math.max(0, ...places.map(({ column }) => column)),
    Math.max(0, ...places.map(({ row }) => row)),
  ];
  return { width: columns * COLUMN + SIDE + 2 * MARGIN, height: rows * ROW + SIDE + 2 * MARGIN };
}

/** From the right edge of a picture to the left edge of one that was made from it. */
export function linePath(from: PlacedNode, to: PlacedNode): string {
  const [x0, y0, x1, y1] = [leftOf(from) + SIDE, topOf(from) + SIDE / 2, leftOf(to), topOf(to) + SIDE / 2];
  if (y0 === y1) return `M${x0} ${y0}H${x1}`;
  const [bend, radius] = [x0 + 12, 8];
  return `M${x0} ${y0}H${bend - radius}Q${bend} ${y0} ${bend} ${y0 + radius}V${y1 - radius}Q${bend} ${y1} ${bend + radius} ${y1}H${x1}`;
}

/**
 * Right and left go along the branch, up and down to the row beside, Home and End to the ends of the branch.
 * @param onBranch ids of the pictures of the branch that is shown: of several children its own is the next
 */
export function nextNode(
  key: string,
  from: PlacedNode,
  places: readonly PlacedNode[],
  onBranch: ReadonlySet<string>,
): PlacedNode | undefined {
  const isOnBranch = ({ node }: PlacedNode) => node.records.some(({ id }) => onBranch.has(id));
  switch (key) {
    case 'ArrowLeft':
      return places.find(({ node }) => node === from.parent);
    case 'ArrowRight': {
      const children = places.filter(({ parent }) => parent === from.node);
      return children.find(isOnBranch) ?? children[0];
    }
    case 'ArrowUp':
    case 'ArrowDown': {
      const row = from.row + (key === 'ArrowUp' ? -1 : 1);
      const away = ({ column }: PlacedNode) => Math.abs(column - from.column);
      return places.filter((place) => place.row === row).sort((a, b) => away(a) - away(b))[0];
    }
    case 'Home':
      return places.find(isOnBranch);
    case 'End':
      return places.findLast(isOnBranch);
    default:
      return undefined;
  }
}
