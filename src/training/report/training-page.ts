/** The training report: how each stage learned, what it painted on the way, what changing one thing does, and the scores of what came out. */
import type { Manifest } from '#engine/contract/manifest.ts';
import { number } from './charts.ts';
import { type Html, html } from './html.ts';
import { lineChart, type Point } from './line-chart.ts';
import { pageOf } from './page.ts';
import { type TrialResult, trialTables } from './trials-page.ts';

export interface StageReport {
  readonly name: string;
  readonly minutes: number;
  readonly steps: number;
  /** By the name of the number. */
  readonly curves: Readonly<Record<string, readonly Point[]>>;
  /** In their order. */
  readonly sheets: readonly { readonly step: number; readonly jpeg: string }[];
}

/** What CLIP and the graph encoder have learned, on test scenes. */
export interface Alignment {
  readonly scenes: number;
  /** Recall at 1, 5 and 10 by what asks for what. */
  readonly recall: Readonly<Record<string, readonly number[]>>;
  /** Mean cosine of G_global and the picture's CLIP feature, by stage. */
  readonly cosine: Readonly<Record<string, number>>;
  /** Unseen words with their nearest labels, the nearest first. */
  readonly neighbours: readonly { readonly word: string; readonly labels: readonly string[] }[];
}

export interface TrainingReport {
  readonly title: string;
  readonly facts: readonly (readonly [string, string])[];
  /** What earlier runs did otherwise. */
  readonly history: readonly string[];
  readonly stages: readonly StageReport[];
  /** Undefined before CLIP is trained. */
  readonly alignment: Alignment | undefined;
  readonly trials: readonly TrialResult[];
  readonly scores: Manifest['evaluation'];
}

export function trainingPage({ title, facts, history, stages, alignment, trials, scores }: TrainingReport): string {
  return pageOf(
    title,
    facts,
    html`${history.length === 0 ? null : html`<p class="lead">In order: ${history.join('; ')}.</p>`}
${stages.map(stageSection)}
${alignment ? alignmentSection(alignment) : null}
${trials.length === 0 ? null : trialTables(trials)}
${scoreSection(scores)}`,
  );
}

function stageSection({ name, minutes, steps, curves, sheets }: StageReport): Html {
  const charts = Object.entries(curves).map(([title, points]) => lineChart(title, points));
  const images = sheets.map(
    ({ step, jpeg }) =>
      html`<figure><figcaption>step ${step}</figcaption><img alt="${`${name}, step ${step}`}" src="data:image/jpeg;base64,${jpeg}"></figure>`,
  );
  return html`<h2>${name}</h2>
<p class="lead">${number(minutes)} minutes, ${steps} steps.</p>
<div class="columns">${charts}</div>
${images.length === 0 ? null : html`<details open><summary>Sheets over time</summary><div class="sheet wide">${images}</div></details>`}`;
}

function alignmentSection({ scenes, recall, cosine, neighbours }: Alignment): Html {
  const recalls = Object.entries(recall).map(
    ([name, shares]) =>
      html`<tr><td>${name}</td>${shares.map((share) => html`<td class="n">${number(share)}</td>`)}</tr>`,
  );
  const cosines = Object.entries(cosine).map(
    ([name, value]) => html`<tr><td>${name}</td><td class="n">${number(value)}</td></tr>`,
  );
  const near = neighbours.map(({ word, labels }) => html`<tr><td>${word}</td><td>${labels.join(', ')}</td></tr>`);
  return html`<h2>Alignment</h2>
<p class="lead">On ${scenes} test scenes: how often a feature finds its own picture or text among all of them, and how near G_global is to the picture's CLIP feature.</p>
<div class="columns"><table><thead><tr><th>recall</th><th class="n">at 1</th><th class="n">at 5</th><th class="n">at 10</th></tr></thead><tbody>${recalls}</tbody></table>
<table><thead><tr><th>cosine of G_global</th><th class="n">mean</th></tr></thead><tbody>${cosines}</tbody></table></div>
<details><summary>Nearest labels of words outside the vocabulary</summary><table><tbody>${near}</tbody></table></details>`;
}

function scoreSection(scores: Manifest['evaluation']): Html | null {
  const rows = Object.entries(scores ?? {}).flatMap(([name, score]) =>
    isScore(score) ? [[name, score] as const] : [],
  );
  if (rows.length === 0) return null;
  const body = rows.map(
    ([name, { value, interval, ceiling, floor, n }]) =>
      html`<tr><td>${name}</td><td class="n"><b>${number(value)}</b></td><td class="n">${interval ? `${number(interval[0])} – ${number(interval[1])}` : '–'}</td><td class="n">${number(ceiling)}</td><td class="n">${number(floor)}</td><td class="n">${n}</td></tr>`,
  );
  return html`<h2>Scores</h2>
<p class="lead">Of the exported package on test scenes that no stage was trained on.</p>
<div class="scroll"><table><thead><tr><th>score</th><th class="n">value</th><th class="n">95 % interval</th><th class="n">ceiling</th><th class="n">floor</th><th class="n">n</th></tr></thead><tbody>${body}</tbody></table></div>`;
}

interface ShownScore {
  readonly value: number | null;
  readonly interval: readonly [number, number] | null;
  readonly ceiling: number | null;
  readonly floor: number | null;
  readonly n: number;
}

const isScore = (score: unknown): score is ShownScore =>
  typeof score === 'object' && score !== null && 'ceiling' in score && 'interval' in score;
