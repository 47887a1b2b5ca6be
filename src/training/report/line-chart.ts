/** A number over the time of training. */
import { number } from './charts.ts';
import { type Html, html } from './html.ts';

export interface Point {
  /** Minutes. */
  readonly x: number;
  readonly y: number;
}

const [WIDTH, HEIGHT, LEFT, FOOT] = [330, 150, 46, 18];
/** More would be lost in the width of the chart. */
const BUCKETS = 160;
/** What a few bad steps did must not flatten the rest: the axis covers this share of the values, from both ends. */
const TAIL = 0.01;

/** Means of the points in equal parts of the time, at most `count` of them, empty parts left out; in the order of x. */
export function bucketMeans(points: readonly Point[], count: number): Point[] {
  if (points.length === 0) return [];
  const sorted = [...points].sort((a, b) => a.x - b.x);
  const [first, last] = [sorted[0]!.x, sorted.at(-1)!.x];
  const width = (last - first) / count || 1;
  const sums = new Map<number, { x: number; y: number; n: number }>();
  for (const { x, y } of sorted) {
    const bucket = Math.min(count - 1, Math.floor((x - first) / width));
    const sum = sums.get(bucket) ?? { x: 0, y: 0, n: 0 };
    sums.set(bucket, { x: sum.x + x, y: sum.y + y, n: sum.n + 1 });
  }
  return [...sums.values()].map(({ x, y, n }) => ({ x: x / n, y: y / n }));
}

/** Short enough to stand left of the axis. */
const mark = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(1) : number(value);

/** Null without two different times. */
export function lineChart(title: string, points: readonly Point[]): Html | null {
  const line = bucketMeans(points, BUCKETS);
  const [first, last] = [line[0], line.at(-1)];
  if (!first || !last || first.x === last.x) return null;
  const values = line.map(({ y }) => y).sort((a, b) => a - b);
  const cut = Math.floor(values.length * TAIL);
  const [low, high] = [values[cut]!, values[values.length - 1 - cut]!];
  const x = (value: number) => LEFT + ((value - first.x) / (last.x - first.x)) * (WIDTH - LEFT - 8);
  const y = (value: number) => {
    const share = (Math.min(high, Math.max(low, value)) - low) / (high - low || 1);
    return 8 + (1 - share) * (HEIGHT - FOOT - 16);
  };
  const path = line
    .map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`)
    .join('');
  const foot = HEIGHT - FOOT;
  return html`<figure><figcaption>${title} <small>${number(last.y)} in the end</small></figcaption>
    <svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${title}: from ${number(first.y)} to ${number(last.y)}">
    <line class="axis" x1="${LEFT}" x2="${WIDTH - 8}" y1="${foot}" y2="${foot}" /><path class="curve" d="${path}" />
    <text class="name note" x="${LEFT - 6}" y="12">${mark(high)}</text><text class="name note" x="${LEFT - 6}" y="${foot - 4}">${mark(low)}</text>
    <text class="note" x="${LEFT}" y="${HEIGHT - 3}">${Math.round(first.x)} min</text><text class="name note" x="${WIDTH - 8}" y="${HEIGHT - 3}">${Math.round(last.x)} min</text></svg></figure>`;
}
