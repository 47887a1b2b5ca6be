/** The evaluation's report: one page that needs nothing beside itself. */
import type { Picture } from '#diffusion/picture.ts';
import type { EvaluationScores } from '#training/evaluation/evaluation.ts';
import type { LabelQuality } from '#training/evaluation/judges/judge-quality.ts';
import type { Score } from '#training/evaluation/scores/score.ts';
import type { StudyRow } from '#training/evaluation/study-scores.ts';
import { encodePng } from '#training/files/picture-file.ts';
import { barChart, gauge, heatMap, number, percent } from './charts.ts';
import { type Distribution, histogram } from './histogram.ts';
import { type Html, html } from './html.ts';
import { pageOf } from './page.ts';

/** A picture with a line below it, and whether it does what was asked. */
export interface Plate {
  readonly picture: Picture;
  readonly caption: string;
  readonly isRight?: boolean;
}

/** Pictures that belong together: before and after, samples of one graph, painted and real. */
export interface Card {
  readonly title: string;
  readonly plates: readonly Plate[];
}

export interface ReportData {
  readonly title: string;
  /** Name and value: the model, the graphs, the settings. */
  readonly facts: readonly (readonly [string, string])[];
  readonly scores: EvaluationScores;
  readonly graphs: readonly Card[];
  readonly bestFlips: readonly Card[];
  readonly worstFlips: readonly Card[];
  readonly samples: readonly Card[];
  readonly distributions: readonly Distribution[];
  readonly study: readonly { readonly row: StudyRow; readonly cards: readonly Card[] }[];
}

export function reportPage(data: ReportData): string {
  const { scores } = data;
  return pageOf(
    data.title,
    data.facts,
    html`${scoreTable(scores)}
<h2>Where it fails</h2>
<p class="lead">Worst first. The tick is the ceiling: the same judge on real pictures of the same graphs.</p>
<div class="fails">
${barChart('Objects found, by label', scores.oor.perLabel)}
<div>${barChart('Relations that hold, by predicate', scores.relationAccuracy.perPredicate)}
<p class="lead">Both ends found: ${percent(scores.relationAccuracy.whenFound)} of the relations hold.${zeroShot(scores)}</p>
<div class="scroll">${heatMap('Confusion of predicates', scores.relationAccuracy.confusion)}</div>
<p class="lead">Rows: what the graph asks for. Columns: what stands in the picture, in percent. A relation that holds counts on the diagonal; one that fails is spread over the predicates that hold instead.</p></div>
</div>
${distributions(data)}
${edgeFlips(data)}
${judgeTable(scores)}
${cards('Samples of one graph', 'Five seeds each, for the diversity score.', data.samples, true)}
${study(data)}
${cards('Test graphs', 'Painted, and the real picture that the graph was taken from where there is one.', data.graphs)}`,
  );
}

const explanations: Readonly<Record<string, string>> = {
  oor: 'objects of the graph that the judge finds in the picture',
  relationAccuracy: 'relations of the graph that hold between the objects found; a missing end is a failure',
  edgeFlip: 'pairs where the picture obeys a relation and its twin of the same seed obeys the opposite',
  edgeFlipDirections: 'the same of left, right, above and below alone',
  edgeFlipShown: 'the same of the pairs with real pictures of both graphs; they are the ceiling of all three',
  isolation: 'sameness of the picture away from the objects of the edge that was turned round',
  ds: 'distance among five samples of one graph',
  is: 'clear and varied content; blind to the graph',
  fd: 'distance of the distribution to real pictures, lower is better; blind to the graph',
  fid: 'FD in Inception-v3’s pool3',
  isInception: 'IS with Inception-v3’s classes',
  dsLpips: 'DS in LPIPS',
  oorDetector: 'OOR by the given detector, over the objects it knows',
  relationAccuracyDetector: 'relation accuracy by the given detector, over the relations that boxes decide',
  clipCosine: 'cosine of picture and photograph in CLIP',
  clipRecallAt1: 'pictures whose own photograph is the nearest of all in CLIP',
  turnedMoves: 'mean difference of pixels, of 1, that turning one edge round makes',
};

function scoreTable(scores: EvaluationScores): Html {
  const rows = scoreRows(scores).map(
    ([name, score]) => html`<tr>
<td><b>${name}</b><small>${explanations[name]}${'space' in score ? ` (${score.space})` : ''}</small></td>
<td class="n"><b>${number(score.value)}</b></td>
<td class="n">${score.interval ? `${number(score.interval[0])} – ${number(score.interval[1])}` : '–'}</td>
<td class="n">${number(score.ceiling)}</td><td class="n">${number(score.floor)}</td>
<td class="n">${score.n}<small>${score.unit}</small></td>
<td>${gauge(score) ?? html`<small>${score.reason}</small>`}</td></tr>`,
  );
  return html`<h2>Scores</h2>
<div class="scroll"><table><thead><tr><th>score</th><th class="n">value</th><th class="n">95 % interval</th><th class="n">ceiling</th><th class="n">floor</th><th class="n">n</th><th>from floor to ceiling</th></tr></thead><tbody>${rows}</tbody></table></div>
<div class="key"><span>● value, with its interval</span><span>│ ceiling: real pictures</span><span>┆ floor: pictures that know nothing of the graph</span></div>`;
}

/** The scores of a table, in the order of their importance. */
export function scoreRows(scores: EvaluationScores): readonly (readonly [string, Score])[] {
  const { oor, relationAccuracy, edgeFlip, isolation, ds, is, fd, fid, isInception, dsLpips, oorDetector } = scores;
  const { relationAccuracyDetector, clipCosine, clipRecallAt1, turnedMoves } = scores;
  const { directions: edgeFlipDirections, shown: edgeFlipShown } = edgeFlip;
  const all = {
    oor,
    relationAccuracy,
    edgeFlip,
    edgeFlipDirections,
    edgeFlipShown,
    isolation,
    ds,
    is,
    fd,
    fid,
    isInception,
    dsLpips,
    oorDetector,
    relationAccuracyDetector,
    clipCosine,
    clipRecallAt1,
    turnedMoves,
  };
  return Object.entries(all).flatMap(([name, score]) => (score === undefined ? [] : [[name, score] as const]));
}

function zeroShot({ relationAccuracy: { zeroShot: score } }: EvaluationScores): string {
  if (score === undefined || score.n === 0) return '';
  return ` Triples never seen in training: ${percent(score.value)} of ${score.n}, ceiling ${percent(score.ceiling)}.`;
}

function distributions({ distributions: all }: ReportData): Html | null {
  if (all.every(({ painted }) => painted.length === 0)) return null;
  return html`<h2>Distributions</h2>
<p class="lead">Percent in ten bins from 0 to 1. The line: real pictures of the same graphs.</p>
<div class="columns">${all.map(histogram)}</div>`;
}

function edgeFlips({ scores, bestFlips, worstFlips }: ReportData): Html | null {
  if (bestFlips.length + worstFlips.length === 0) return null;
  const { edgeFlip } = scores;
  return html`<h2>Edge flips</h2>
<p class="lead">Same seed, one relation replaced by its opposite. Single pictures that obey their edge: ${percent(edgeFlip.single)}. Right the wrong way round: ${percent(edgeFlip.reversed)}, which is what a painter deaf to edges would score in both.</p>
<div class="columns">${barChart('By pair of predicates', edgeFlip.perPair)}</div>
${cards('Flips that worked', 'The picture followed, and the rest of it stayed most alike.', bestFlips)}
${cards('Flips that failed', 'Neither picture, or only one, obeys.', worstFlips)}`;
}

function study({ study: rows }: ReportData): Html | null {
  if (rows.length === 0) return null;
  const table = rows.map(
    ({ row }) =>
      html`<tr><td>${row.kind}</td><td class="n">${percent(row.followed)}</td><td class="n">${number(row.isolation)}</td><td class="n">${row.n}</td></tr>`,
  );
  return html`<h2>Perturbation study</h2>
<p class="lead">Test graphs, each changed in one small way and painted again with the same seed.</p>
<div class="scroll"><table><thead><tr><th>change</th><th class="n">followed</th><th class="n">isolation</th><th class="n">pairs</th></tr></thead><tbody>${table}</tbody></table></div>
${rows.map(({ row, cards: sheet }) => cards(`Change: ${row.kind}`, undefined, sheet))}`;
}

function judgeTable({ judge }: EvaluationScores): Html | null {
  if (judge === undefined) return null;
  const row = (name: string, { precision, recall, placeError, overlap, n }: LabelQuality) =>
    html`<tr><td>${name}</td><td class="n">${percent(precision)}</td><td class="n">${percent(recall)}</td><td class="n">${number(placeError)}</td><td class="n">${percent(overlap)}</td><td class="n">${n}</td></tr>`;
  const labels = Object.entries(judge.perLabel).sort(([, a], [, b]) => (a.recall ?? 0) - (b.recall ?? 0));
  return html`<h2>The judge</h2>
<p class="lead">The same judge on the real pictures, whose scenes are known. No score can be trusted further than this.</p>
<div class="scroll"><table><thead><tr><th>label</th><th class="n">precision</th><th class="n">recall</th><th class="n">place error (widths)</th><th class="n">overlap of boxes</th><th class="n">objects</th></tr></thead><tbody>${row('all', judge.all)}</tbody></table></div>
<details><summary>By label</summary><div class="scroll"><table><tbody>${labels.map(([label, quality]) => row(label, quality))}</tbody></table></div></details>`;
}

function cards(title: string, lead: string | undefined, sheet: readonly Card[], isWide = false): Html | null {
  if (sheet.length === 0) return null;
  const items = sheet.map(
    (
      card,
    ) => html`<article class="card"><div class="pictures">${card.plates.map(({ picture, caption }) => html`<img alt="${`${card.title}: ${caption}`}" width="${picture.width}" height="${picture.height}" src="${dataUri(picture)}">`)}</div>
<div class="under">${card.plates.map(({ caption, isRight }) => html`<span class="${verdictClass(isRight)}">${verdictSign(isRight)}${caption}</span>`)}</div>
<p>${card.title}</p></article>`,
  );
  return html`<h2>${title}</h2>${lead ? html`<p class="lead">${lead}</p>` : null}<div class="sheet${isWide ? ' wide' : ''}">${items}</div>`;
}

const verdictClass = (isRight: boolean | undefined) => (isRight === undefined ? '' : isRight ? 'good' : 'bad');
const verdictSign = (isRight: boolean | undefined) => (isRight === undefined ? '' : isRight ? '✓ ' : '✗ ');

function dataUri(picture: Picture): string {
  return `data:image/png;base64,${encodePng(picture).toString('base64')}`;
}
