/** How shares spread: painted as bars, real as an outline over them. */
import { percent } from './charts.ts';
import { type Html, html } from './html.ts';

export interface Distribution {
  readonly title: string;
  /** What one value is of: "graphs". */
  readonly unit: string;
  /** In [0, 1]. */
  readonly painted: readonly number[];
  readonly real?: readonly number[];
}

const BINS = 10;
const [WIDTH, HEIGHT, SIDE] = [330, 120, 8];

/** Shares of the values in ten bins of equal width; 1 counts to the last. They sum to 1, or are all 0 when there is no value. */
export function binShares(values: readonly number[]): number[] {
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values) counts[Math.min(BINS - 1, Math.max(0, Math.floor(value * BINS)))]! += 1;
  return counts.map((count) => count / Math.max(1, values.length));
}

export function histogram({ title, unit, painted, real }: Distribution): Html | null {
  if (painted.length === 0) return null;
  const bars = binShares(painted);
  const outline = real && real.length > 0 ? binShares(real) : undefined;
  const top = Math.max(...bars, ...(outline ?? []));
  const step = (WIDTH - 2 * SIDE) / BINS;
  const x = (bin: number) => SIDE + bin * step;
  const y = (share: number) => HEIGHT - (share / top) * (HEIGHT - 16);
  const range = (bin: number) => `${(bin / BINS).toFixed(1)} – ${((bin + 1) / BINS).toFixed(1)}`;
  const columns = bars.map(
    (
      share,
      bin,
    ) => html`<g><title>${range(bin)}: ${percent(share)} of ${painted.length} ${unit}${outline ? `, real pictures ${percent(outline[bin]!)}` : ''}</title>
      <rect class="bar" x="${x(bin) + 1}" y="${y(share)}" width="${step - 2}" height="${HEIGHT - y(share)}" />
      ${share >= 0.005 ? html`<text class="cell-text" x="${x(bin) + step / 2}" y="${y(share) - 3}">${Math.round(share * 100)}</text>` : null}</g>`,
  );
  const path = outline?.map((share, bin) => `${bin === 0 ? 'M' : 'L'}${x(bin)} ${y(share)} H${x(bin + 1)}`).join(' ');
  return html`<figure><figcaption>${title}</figcaption>
    <svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT + 20}" width="${WIDTH}" height="${HEIGHT + 20}" role="img" aria-label="${title}, percent of ${painted.length} ${unit} in ten bins from 0 to 1">
    ${columns}${path ? html`<path class="outline" d="${path}" />` : null}
    <line class="axis" x1="${SIDE}" x2="${WIDTH - SIDE}" y1="${HEIGHT}" y2="${HEIGHT}" />
    <text class="note" x="${SIDE}" y="${HEIGHT + 15}">0</text><text class="name note" x="${WIDTH - SIDE}" y="${HEIGHT + 15}">1</text></svg></figure>`;
}
