/** Trials side by side: as lines for the terminal, and as one page that needs nothing beside itself. */
import type { Score } from '#training/evaluation/scores/score.ts';
import { number } from './charts.ts';
import { type Html, html } from './html.ts';
import { pageOf } from './page.ts';

type BriefScore = Pick<Score, 'value' | 'ceiling' | 'floor' | 'n' | 'interval'>;

export interface TrialResult {
  readonly name: string;
  readonly title: string;
  readonly group: 'reference' | 'baseline' | 'ablation';
  readonly scores: Readonly<Record<string, BriefScore>>;
  /** PNG files in base64, of the same graphs and seeds in every trial. */
  readonly pictures: readonly string[];
}

/** In the order of the table. */
export const scoreTitles = {
  oor: 'OOR',
  relationAccuracy: 'relation accuracy',
  edgeFlip: 'edge flip',
  isolation: 'isolation',
  turnedMoves: 'turned edge moves',
  ds: 'DS',
  dsLpips: 'DS (LPIPS)',
  fd: 'FD',
  fid: 'FID',
  isInception: 'IS',
  clipCosine: 'CLIP cosine',
  clipRecallAt1: 'R@1',
} as const;
export type ScoreColumn = keyof typeof scoreTitles;
export const scoreColumns = Object.keys(scoreTitles) as readonly ScoreColumn[];

/** Those that some trial has. */
const columnsOf = (results: readonly TrialResult[]): readonly ScoreColumn[] =>
  scoreColumns.filter((name) => results.some(({ scores }) => scores[name] !== undefined));

interface Row {
  readonly title: string;
  readonly cells: Readonly<Record<string, Pick<BriefScore, 'value' | 'interval'> | undefined>>;
}

const rowOf = ({ title, scores }: TrialResult): Row => ({ title, cells: scores });

/** Real pictures and chance, as the reference trial met them. */
function limitsOf(results: readonly TrialResult[]): { readonly ceiling: Row; readonly floor: Row } | undefined {
  const [reference] = results;
  if (reference === undefined) return undefined;
  const limit = (kind: 'ceiling' | 'floor') =>
    Object.fromEntries(
      Object.entries(reference.scores).map(([name, score]) => [name, { value: score[kind], interval: null }]),
    );
  return {
    ceiling: { title: 'real pictures', cells: limit('ceiling') },
    floor: { title: 'pictures of other graphs', cells: limit('floor') },
  };
}

function rowsOf(results: readonly TrialResult[], groups: readonly TrialResult['group'][]): readonly Row[] {
  const limits = limitsOf(results);
  const rows = results.filter(({ group }) => groups.includes(group)).map(rowOf);
  return limits === undefined ? rows : [limits.ceiling, ...rows, limits.floor];
}

/** One line per trial, columns aligned, each value with half the width of its 95 % interval. */
export function trialsTable(results: readonly TrialResult[]): string {
  const columns = columnsOf(results);
  const head = ['', ...columns.map((name) => scoreTitles[name])];
  const body = rowsOf(results, ['reference', 'baseline', 'ablation']).map(({ title, cells }) => [
    title,
    ...columns.map((name) => cellText(cells[name])),
  ]);
  const widths = head.map((_, c) => Math.max(...[head, ...body].map((row) => row[c]!.length)));
  return [head, ...body]
    .map((row) =>
      row
        .map((cell, c) => cell.padEnd(widths[c]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The value, with half the width of its 95 % interval. */
export function cellText(cell: Pick<BriefScore, 'value' | 'interval'> | undefined): string {
  if (cell === undefined || cell.value === null) return '–';
  if (cell.interval === null) return number(cell.value);
  return `${number(cell.value)} ± ${number((cell.interval[1] - cell.interval[0]) / 2)}`;
}

export function trialsPage(results: readonly TrialResult[], facts: readonly (readonly [string, string])[]): string {
  return pageOf(
    'Trials',
    facts,
    html`${trialTables(results)}
<h2>The same graphs and seeds</h2>
${results.map(sheet)}`,
  );
}

/** Both tables: what the scores are beside other painters, and what each part of the method is worth. */
export const trialTables = (results: readonly TrialResult[]): Html => html`${table(
  'Baselines',
  'Value ± half of its 95 % interval.',
  columnsOf(results),
  rowsOf(results, ['reference', 'baseline']),
)}
${table('Ablations', 'One thing changed at a time.', columnsOf(results), rowsOf(results, ['reference', 'ablation']))}`;

function table(title: string, lead: string, columns: readonly ScoreColumn[], rows: readonly Row[]): Html {
  const head = columns.map((name) => html`<th class="n">${scoreTitles[name]}</th>`);
  const body = rows.map(
    ({ title: name, cells }) =>
      html`<tr><td>${name}</td>${columns.map((key) => html`<td class="n">${cellText(cells[key])}</td>`)}</tr>`,
  );
  return html`<h2>${title}</h2><p class="lead">${lead}</p>
<div class="scroll"><table><thead><tr><th>trial</th>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function sheet({ title, pictures }: TrialResult): Html {
  const images = pictures.map(
    (png, i) =>
      html`<img alt="${`${title}, graph ${i + 1}`}" width="128" height="128" src="data:image/png;base64,${png}">`,
  );
  return html`<article class="card"><div class="pictures">${images}</div><p>${title}</p></article>`;
}
