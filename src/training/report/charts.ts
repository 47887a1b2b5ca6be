/** Charts as inline SVG, coloured by the page's own variables, so that they follow light and dark. */
import type { DetailScore } from '#training/evaluation/graph-scores.ts';
import type { PredicateConfusion } from '#training/evaluation/scores/predicate-confusion.ts';
import type { Score } from '#training/evaluation/scores/score.ts';
import { type Html, html } from './html.ts';

const ROW = 22;
const LABEL_WIDTH = 130;
const BAR_WIDTH = 260;
const NOTE_WIDTH = 90;

/** Horizontal bars in [0, 1], worst first, with a tick at each ceiling. */
export function barChart(title: string, rows: Readonly<Record<string, DetailScore>>): Html {
  const sorted = Object.entries(rows).sort(([, a], [, b]) => (a.value ?? 0) - (b.value ?? 0));
  const width = LABEL_WIDTH + BAR_WIDTH + NOTE_WIDTH;
  const height = sorted.length * ROW + 4;
  const bars = sorted.map(([name, { value, ceiling, n }], i) => {
    const y = i * ROW;
    const share = value ?? 0;
    const tick =
      ceiling !== null &&
      html`<line class="tick" x1="${LABEL_WIDTH + ceiling * BAR_WIDTH}" x2="${LABEL_WIDTH + ceiling * BAR_WIDTH}" y1="${y + 2}" y2="${y + 20}" />`;
    return html`<g>
      <title>${name}: ${percent(value)}, ceiling ${percent(ceiling)}, n ${n}</title>
      <text class="name" x="${LABEL_WIDTH - 8}" y="${y + 15}">${name}</text>
      <rect class="track" x="${LABEL_WIDTH}" y="${y + 4}" width="${BAR_WIDTH}" height="14" rx="2" />
      <rect class="bar" x="${LABEL_WIDTH}" y="${y + 4}" width="${share * BAR_WIDTH}" height="14" rx="2" />
      ${tick || null}
      <text class="note" x="${LABEL_WIDTH + BAR_WIDTH + 8}" y="${y + 15}">${percent(value)} of ${n}</text>
    </g>`;
  });
  return html`<figure><figcaption>${title}</figcaption>
    <svg class="chart" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">${bars}</svg></figure>`;
}

const CELL = 29;
const SIDE = 100;

/** Rows: asked for. Columns: seen. Darker is more; each row sums to 1. */
export function heatMap(title: string, { rows, columns, shares, asked }: PredicateConfusion): Html {
  const shown = rows.map((_, r) => r).filter((r) => asked[r]! > 0);
  const width = SIDE + columns.length * CELL + 44;
  const height = SIDE + shown.length * CELL;
  const cells = shown.flatMap((r, y) =>
    columns.map((column, x) => {
      const share = shares[r]![x]!;
      const [left, top] = [SIDE + x * CELL, SIDE + y * CELL];
      const isRight = rows[r] === column;
      return html`<g><title>asked ${rows[r]}, seen ${column}: ${percent(share)}</title>
        <rect class="cell${isRight ? ' right' : ''}" x="${left + 1}" y="${top + 1}" width="${CELL - 2}" height="${CELL - 2}" style="--share:${share.toFixed(3)}" />
        ${share >= 0.005 ? html`<text class="cell-text${share > 0.55 ? ' on-dark' : ''}" x="${left + CELL / 2}" y="${top + CELL / 2 + 4}">${Math.round(share * 100)}</text>` : null}</g>`;
    }),
  );
  const heads = columns.map((column, x) => {
    const at = `${SIDE + x * CELL + CELL / 2 + 4} ${SIDE - 8}`;
    return html`<text class="head" transform="translate(${at}) rotate(-50)">${column}</text>`;
  });
  const names = shown.map(
    (r, y) => html`<text class="name" x="${SIDE - 8}" y="${SIDE + y * CELL + CELL / 2 + 4}">${rows[r]}</text>`,
  );
  return html`<figure><figcaption>${title}</figcaption>
    <svg class="chart" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">${heads}${names}${cells}</svg></figure>`;
}

const GAUGE_WIDTH = 220;

/** Where a value and its interval lie between floor and ceiling; the axis covers all of them. */
export function gauge({ value, interval, ceiling, floor }: Score): Html | null {
  if (value === null) return null;
  const marks = [value, ...(interval ?? []), ...[ceiling, floor].filter((mark) => mark !== null)];
  const [low, high] = [Math.min(0, ...marks), Math.max(...marks)];
  const x = (mark: number) => 6 + ((mark - low) / (high - low || 1)) * (GAUGE_WIDTH - 12);
  const line = (kind: string, mark: number | null) =>
    mark !== null &&
    html`<line class="${kind}" x1="${x(mark)}" x2="${x(mark)}" y1="3" y2="21"><title>${kind} ${number(mark)}</title></line>`;
  const range =
    interval &&
    html`<rect class="interval" x="${x(interval[0])}" y="8" width="${Math.max(1, x(interval[1]) - x(interval[0]))}" height="8" rx="2" />`;
  return html`<svg class="gauge" viewBox="0 0 ${GAUGE_WIDTH} 24" width="${GAUGE_WIDTH}" height="24" aria-hidden="true">
    <line class="axis" x1="6" x2="${GAUGE_WIDTH - 6}" y1="12" y2="12" />${range}${line('floor', floor) || null}${line('ceiling', ceiling) || null}
    <circle class="value" cx="${x(value)}" cy="12" r="5" /></svg>`;
}

/** Three significant digits, without an exponent for the sizes that occur. */
export function number(value: number | null): string {
  if (value === null) return '–';
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

export function percent(value: number | null): string {
  return value === null ? '–' : `${Math.round(value * 100)} %`;
}
