/** A branch as one page of HTML that needs nothing else: no script, no other file, readable in light and dark, and on paper. */

import { drawCanvas, text } from '#editor/files/canvas-svg.ts';
import { encodePng } from '#editor/files/png.ts';
import { bytesToBase64 } from '#engine/contract/base64.ts';
import { describe as inWords } from '#graph/words/describe.ts';
import type { BranchStep } from './branch-steps.ts';

export interface BranchPageOptions {
  /** Of the graph. */
  readonly name: string;
  /** How many pictures before the first one are left out. */
  readonly leftOut: number;
  /** The address of a label's drawing, as data. */
  readonly iconOf?: (label: string) => string | undefined;
}

/** The page's own colours, by the reader's light or dark. */
const COLOURS = {
  canvas: 'var(--canvas)',
  node: 'var(--node)',
  line: 'var(--line)',
  ink: 'var(--ink)',
  inkSoft: 'var(--soft)',
  edge: 'var(--edge)',
  mark: 'var(--accent)',
};

const STYLE = `
:root { color-scheme: light dark; --page: #faf6ee; --canvas: #efe8db; --node: #fffdf9; --line: #cabda6; --ink: #2a241d; --soft: #625746; --edge: #7b6d58; --accent: #ab4125; }
@media (prefers-color-scheme: dark) { :root { --page: #1c2125; --canvas: #15191c; --node: #262c31; --line: #46515a; --ink: #ece6da; --soft: #aba79d; --edge: #8e98a1; --accent: #e77f58; } }
@media print { :root { color-scheme: light; --page: #fff; --canvas: #fff; --node: #fff; --line: #777; --ink: #000; --soft: #333; --edge: #555; --accent: #a02c1a; } }
body { max-width: 62rem; margin: 0 auto; padding: 2rem 1rem 4rem; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0; font: 600 1.8rem/1.2 Georgia, serif; overflow-wrap: anywhere; }
.lead, .made { color: var(--soft); }
ol { margin: 2rem 0 0; padding: 0; list-style: none; }
li { margin: 0 0 2.5rem; padding: 1.25rem 0 0; border-top: 1px solid var(--line); break-inside: avoid; }
h2 { margin: 0 0 .75rem; font-size: 1.1rem; font-weight: 600; overflow-wrap: anywhere; }
h2 span { color: var(--soft); font-weight: 400; font-variant-numeric: tabular-nums; }
ul { margin: 0 0 .75rem; padding: 0 0 0 1.2rem; }
ul li { margin: 0; padding: 0; border: 0; color: var(--accent); font-weight: 600; }
.pair { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 1rem; align-items: start; }
.pair img { display: block; width: 100%; height: auto; border-radius: 8px; }
.pair svg { display: block; width: 100%; height: auto; max-height: 26rem; border-radius: 8px; background: var(--canvas); }
@media (max-width: 38rem) { .pair { grid-template-columns: minmax(0, 1fr); } }
.made { margin: .6rem 0 0; font-size: .875rem; overflow-wrap: anywhere; }
`;

/** @param steps at least one. Every picture carries its recipe, as an exported PNG does. */
export function branchPage(steps: readonly BranchStep[], options: BranchPageOptions): string {
  const { name, leftOut } = options;
  const count = steps.length === 1 ? 'One picture' : `${steps.length} pictures, each made from the one before`;
  const missing = leftOut > 0 ? ` The first ${leftOut} of the branch are left out.` : '';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${text(name)} · Sgraffito</title>
<style>${STYLE}</style>
<main>
<h1>${text(name)}</h1>
<p class="lead">${count}. What changed is marked in the graph.${missing}</p>
<ol>
${steps.map((step, i) => stepItem(step, i, options)).join('\n')}
</ol>
</main>
</html>
`;
}

function stepItem({ record, changes, changed }: BranchStep, i: number, { iconOf }: BranchPageOptions): string {
  const { graph, settings, model, result } = record;
  const words = inWords(graph);
  const { svg } = drawCanvas(graph, {
    name: words || 'Empty graph',
    colours: COLOURS,
    marked: changed,
    idPrefix: `step-${i + 1}-`,
    markOf: () => 'var(--edge)',
    ...(iconOf && { iconOf }),
  });
  const picture = `data:image/png;base64,${bytesToBase64(encodePng(result.picture, record))}`;
  const { width, height } = result.picture;
  const [only, ...more] = changes;
  const told = i === 0 ? 'The first picture' : 'Painted again';
  const title = record.name ?? (more.length > 0 ? 'What changed' : (only ?? told));
  const list = changes.filter((change) => change !== title).map((change) => `<li>${text(change)}</li>`);
  const { seed, steps, guidanceScale, style } = settings;
  return `<li>
<h2><span>${i + 1}</span> ${text(title)}</h2>
${list.length === 0 ? '' : `<ul>${list.join('')}</ul>\n`}<div class="pair">
<img src="${picture}" width="${width}" height="${height}" alt="${text(`Picture of: ${words}`)}">
${svg}</div>
<p class="made">${text(words)}. Seed ${seed}, ${steps} steps, guidance ${guidanceScale}, style ${text(style)}; painted by ${text(model)}.</p>
</li>`;
}
