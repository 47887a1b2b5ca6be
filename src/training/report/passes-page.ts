/** Scores against the passes of the denoiser that a picture takes: a table in Markdown, and a page with a plot of each score. */
import { number } from './charts.ts';
import { type Html, html } from './html.ts';
import { pageOf } from './page.ts';
import { cellText, type ScoreColumn, scoreTitles } from './trials-page.ts';

interface BriefScore {
  readonly value: number | null;
  /** Of real pictures. */
  readonly ceiling: number | null;
  readonly interval: readonly [number, number] | null;
}

export interface PassesResult {
  readonly sampler: string;
  readonly steps: number;
  readonly passes: number;
  readonly scores: Readonly<Partial<Record<ScoreColumn, BriefScore>>>;
}

/** One line per sampler and number of steps, each value with half the width of its 95 % interval. */
export function passesTable(results: readonly PassesResult[], columns: readonly ScoreColumn[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['sampler', 'steps', 'passes', ...columns.map((column) => scoreTitles[column])]),
    line(['---', ...['steps', 'passes', ...columns].map(() => '--:')]),
    ...results.map(({ sampler, steps, passes, scores }) =>
      line([sampler, String(steps), String(passes), ...columns.map((column) => cellText(scores[column]))]),
    ),
  ].join('\n');
}

export function passesPage(
  results: readonly PassesResult[],
  columns: readonly ScoreColumn[],
  facts: readonly (readonly [string, string])[],
): string {
  const head = ['steps', 'passes', ...columns.map((column) => scoreTitles[column])];
  const rows = results.map(
    ({ sampler, steps, passes, scores }) =>
      html`<tr><td>${sampler}</td><td class="n">${steps}</td><td class="n">${passes}</td>${columns.map((column) => html`<td class="n">${cellText(scores[column])}</td>`)}</tr>`,
  );
  return pageOf(
    'Samplers',
    facts,
    html`<p class="lead">A pass is one run of the denoiser for one branch: guidance takes two, the student one, and two in a first pass that is guided. The broken line is real pictures.</p>
<div class="columns">${columns.map((column) => passesChart(column, results))}</div>
<div class="scroll"><table><thead><tr><th>sampler</th>${head.map((title) => html`<th class="n">${title}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`,
  );
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT] = [360, 210, 46, 96, 10, 22];

/** Passes on a logarithmic axis. Null where fewer than two ways have the score. */
function passesChart(column: ScoreColumn, results: readonly PassesResult[]): Html | null {
  const points = results.flatMap(({ sampler, passes, scores }) => {
    const value = scores[column]?.value;
    return typeof value === 'number' ? [{ sampler, passes, value }] : [];
  });
  if (points.length < 2) return null;
  const ceiling = results.find(({ scores }) => typeof scores[column]?.ceiling === 'number')?.scores[column]?.ceiling;
  const values = [...points.map(({ value }) => value), ...(typeof ceiling === 'number' ? [ceiling] : [])];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const logs = points.map(({ passes }) => Math.log2(passes));
  const [first, last] = [Math.min(...logs), Math.max(...logs)];
  const x = (passes: number) => LEFT + ((Math.log2(passes) - first) / (last - first || 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => TOP + (1 - (value - low) / (high - low || 1)) * (HEIGHT - FOOT - TOP);
  const samplers = [...new Set(points.map(({ sampler }) => sampler))];
  const lines = samplers.map((sampler, i) => {
    const own = points.filter((point) => point.sampler === sampler).sort((a, b) => a.passes - b.passes);
    const hue = `hue-${i % HUES}`;
    return html`<g class="${hue}"><polyline points="${own.map((p) => `${x(p.passes).toFixed(1)},${y(p.value).toFixed(1)}`).join(' ')}" />${own.map(
      (p) =>
        html`<circle cx="${x(p.passes).toFixed(1)}" cy="${y(p.value).toFixed(1)}" r="3"><title>${sampler}, ${p.passes} passes: ${number(p.value)}</title></circle>`,
    )}</g>`;
  });
  const key = samplers.map(
    (sampler, i) =>
      html`<text class="${`hue-${i % HUES}`}" x="${WIDTH - RIGHT + 12}" y="${TOP + 12 + 15 * i}">${sampler}</text>`,
  );
  const marks = [...new Set(points.map(({ passes }) => passes))].map(
    (passes) =>
      html`<text class="note" x="${x(passes).toFixed(1)}" y="${HEIGHT - 6}" text-anchor="middle">${passes}</text>`,
  );
  return html`<figure><figcaption>${scoreTitles[column]}</figcaption>
    <svg class="chart passes" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${scoreTitles[column]} against passes">
    <line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${HEIGHT - FOOT}" y2="${HEIGHT - FOOT}" />
    ${typeof ceiling === 'number' ? html`<line class="floor" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(ceiling).toFixed(1)}" y2="${y(ceiling).toFixed(1)}" />` : null}
    <text class="name note" x="${LEFT - 6}" y="${TOP + 8}">${number(high)}</text><text class="name note" x="${LEFT - 6}" y="${HEIGHT - FOOT}">${number(low)}</text>
    ${marks}${lines}${key}</svg></figure>`;
}

/** Colours of lines in the style sheet. */
const HUES = 6;
