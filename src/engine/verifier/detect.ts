/** From the verifier's maps to things with boxes. */
import type { Tensor } from '#diffusion/tensor.ts';
import type { Manifest } from '#engine/contract/manifest.ts';
import type { Box } from '#graph/places/geometry.ts';

export interface Detection {
  readonly label: string;
  /** Left, top, right, bottom in [0, 1] of the picture; y points down. */
  readonly box: Box;
  /** Highest presence of its cells, in [0, 1]. */
  readonly score: number;
  /** In [0, 1]; larger is nearer to the viewer. */
  readonly depth: number;
}

export interface DetectionSpec {
  /** L labels in the order of the verifier's channels. */
  readonly labels: readonly string[];
  /** A label is in the picture where its strongest cell reaches its threshold. */
  readonly thresholds: readonly number[];
  /** Grounds and backdrops (skies, walls) fill regions: all their parts are one detection, and nothing is behind them. By label, which of the two. */
  readonly regions: ReadonlyMap<string, RegionKind>;
}

const regionKinds = ['ground', 'backdrop'] as const;
type RegionKind = (typeof regionKinds)[number];

export function detectionSpecOf(manifest: Pick<Manifest, 'vocabulary' | 'verifier' | 'kinds'>): DetectionSpec {
  const labels = manifest.vocabulary.objects;
  const ofKind = (kind: RegionKind) => labels.filter((label) => manifest.kinds[label] === kind);
  const regions = new Map(regionKinds.flatMap((kind) => ofKind(kind).map((label) => [label, kind] as const)));
  return { labels, thresholds: manifest.verifier.thresholds, regions };
}

/** A thing reaches as far as cells that show it at least this much of its threshold: its rim fills cells only in part. */
const RIM = 0.5;

/**
 * Connected parts of each label's map (8 neighbours) whose strongest cell reaches the label's threshold, the most certain first.
 * @param presence (L, g, g) or (1, L, g, g) in [0, 1]
 * @param depth (g, g) or (1, g, g) in [0, 1]
 */
export function detect(presence: Tensor, depth: Tensor, spec: DetectionSpec): Detection[] {
  const grid = presence.dims.at(-1)!;
  const area = grid * grid;
  if (presence.data.length !== spec.labels.length * area || depth.data.length !== area) {
    throw new RangeError(
      `presence (${presence.dims}) and depth (${depth.dims}) do not fit ${spec.labels.length} labels`,
    );
  }
  const mapOf = (l: number) => presence.data.subarray(l * area, (l + 1) * area);
  const filled = filledBy(spec, mapOf, area);
  return spec.labels
    .flatMap((label, l) => {
      const map = mapOf(l);
      const threshold = spec.thresholds[l]!;
      const parts = connectedParts(map, grid, threshold * RIM);
      const isRegion = spec.regions.has(label);
      const found = isRegion ? [parts.flat()] : parts;
      return found.flatMap((cells) => {
        const score = peakOf(map, cells);
        if (cells.length === 0 || score < threshold) return [];
        const nearness = isRegion ? 0 : depthOf(map, depth.data, filled, cells);
        return [{ label, score, box: boxOf(map, cells, grid), depth: nearness }];
      });
    })
    .sort((a, b) => b.score - a.score);
}

/** Cells of each part, by index, in the order of their first cell. */
function connectedParts(map: Float32Array, grid: number, least: number): number[][] {
  const seen = new Uint8Array(map.length);
  const parts: number[][] = [];
  for (let start = 0; start < map.length; start++) {
    if (seen[start] || map[start]! < least) continue;
    seen[start] = 1;
    const cells = [start];
    for (let next = 0; next < cells.length; next++) {
      for (const neighbour of neighboursOf(cells[next]!, grid)) {
        if (seen[neighbour] || map[neighbour]! < least) continue;
        seen[neighbour] = 1;
        cells.push(neighbour);
      }
    }
    parts.push(cells);
  }
  return parts;
}

function* neighboursOf(cell: number, grid: number): Generator<number> {
  const x = cell % grid;
  const y = Math.floor(cell / grid);
  for (let j = Math.max(0, y - 1); j <= Math.min(grid - 1, y + 1); j++) {
    for (let i = Math.max(0, x - 1); i <= Math.min(grid - 1, x + 1); i++) {
      if (i !== x || j !== y) yield j * grid + i;
    }
  }
}

const peakOf = (map: Float32Array, cells: readonly number[]): number =>
  cells.reduce((peak, cell) => Math.max(peak, map[cell]!), 0);

/** Outer rows and columns count by how much of them is filled, so that a box is finer than the grid. */
function boxOf(map: Float32Array, cells: readonly number[], grid: number): Box {
  const columns = new Float64Array(grid);
  const rows = new Float64Array(grid);
  for (const cell of cells) {
    const [x, y] = [cell % grid, Math.floor(cell / grid)];
    columns[x] = Math.max(columns[x]!, map[cell]!);
    rows[y] = Math.max(rows[y]!, map[cell]!);
  }
  const [left, right] = extentOf(columns);
  const [top, bottom] = extentOf(rows);
  return [left, top, right, bottom];
}

function extentOf(filled: Float64Array): [start: number, end: number] {
  const first = filled.findIndex((share) => share > 0);
  const last = filled.findLastIndex((share) => share > 0);
  if (first === last) return [first / filled.length, (first + 1) / filled.length];
  return [
    (first + 1 - Math.min(1, filled[first]!)) / filled.length,
    (last + Math.min(1, filled[last]!)) / filled.length,
  ];
}

/**
 * (cells) in [0, 1] how much of each cell shows things: what is left of it beside ground and backdrop, each by the surest word for it. Not by
 * the surest word for a thing: where it might be a pillow, a paper or a letter, none of them is sure, and the cell would seem nearly empty.
 */
function filledBy({ labels, regions }: DetectionSpec, mapOf: (l: number) => Float32Array, area: number): Float32Array {
  const surest = { ground: new Float32Array(area), backdrop: new Float32Array(area) };
  labels.forEach((label, l) => {
    const kind = regions.get(label);
    if (kind === undefined) return;
    mapOf(l).forEach((share, cell) => {
      surest[kind][cell] = Math.max(surest[kind][cell]!, share);
    });
  });
  return surest.ground.map((share, cell) => Math.max(0, 1 - share - surest.backdrop[cell]!));
}

/**
 * A cell says nearness × how much of it is filled: least squares over the part's cells, by how sure they are of this thing, takes the filling out
 * again. Divided by how sure they are instead, whatever is doubtful would come out in front.
 */
function depthOf(map: Float32Array, depth: Float32Array, filled: Float32Array, cells: readonly number[]): number {
  let product = 0;
  let square = 0;
  for (const cell of cells) {
    product += map[cell]! * filled[cell]! * depth[cell]!;
    square += map[cell]! * filled[cell]! ** 2;
  }
  return square === 0 ? 0 : Math.min(1, product / square);
}
