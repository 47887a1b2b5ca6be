/**
 * The model card: exactly how a package was made and how good it is. Every number comes from the manifest, and what people saw from
 * `notes.md` beside it, which no export writes.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '#engine/contract/manifest.ts';
import { frequencyLines, type GraphFrequencies } from '#training/corpus/sample/frequencies.ts';
import type { TrainingConfig } from '#training/run/config.ts';

interface Score {
  readonly value: number | null;
  readonly ceiling: number | null;
  readonly floor: number | null;
  readonly n: number;
}

const number = (value: number | null | undefined): string => (typeof value === 'number' ? value.toFixed(3) : '–');

function scoreTable(evaluation: Manifest['evaluation']): string {
  const rows = Object.entries(evaluation)
    .filter(
      (entry): entry is [string, Score] => typeof entry[1] === 'object' && entry[1] !== null && 'value' in entry[1],
    )
    .map(
      ([name, score]) =>
        `| ${name} | ${number(score.value)} | ${number(score.ceiling)} | ${number(score.floor)} | ${score.n} |`,
    );
  if (rows.length === 0) return 'Not evaluated yet: run `npm run train -- evaluate`.';
  return ['| score | value | ceiling | floor | n |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** Writes README.md into a package's folder. */
export function writeModelCard(folder: string, manifest: Manifest): void {
  const notes = join(folder, 'notes.md');
  writeFileSync(
    join(folder, 'README.md'),
    modelCard(manifest, existsSync(notes) ? readFileSync(notes, 'utf8') : undefined),
  );
}

/** @param notes Markdown that follows the scores, headings from the third level on */
export function modelCard(manifest: Manifest, notes = ''): string {
  const {
    config,
    seconds,
    before = 0,
    graphs,
  } = manifest.training as {
    config: TrainingConfig;
    seconds: Record<string, number>;
    before?: number;
    graphs?: GraphFrequencies;
  };
  const total = Object.values(seconds).reduce((sum, value) => sum + value, 0);
  const stages = Object.entries(seconds)
    .map(([stage, value]) => `| ${stage} | ${(value / 60).toFixed(1)} |`)
    .join('\n');
  const went =
    before === 0 ? '' : ` It went on from "${config.start}", behind which are ${(before / 3600).toFixed(1)} more.`;
  const { history: phases } = config;
  const history =
    phases.length === 0 ? '' : `\n\nBefore that, in order:\n\n${phases.map((phase) => `1. ${phase}`).join('\n')}`;
  // What goes on from earlier runs is no whole run.
  const command = phases.length === 0 ? '`npm run train -- all`' : 'Stages of `npm run train`';
  const { kept: share = 0 } = config.finetune;
  const kept = share === 0 ? '' : ` A share of ${share} of the weights before fine-tuning is kept in those after it.`;
  const asked = graphs ? `\n\n## What the painter's graphs ask for\n\n${frequencyLines(graphs).join('\n\n')}` : '';
  return `# ${manifest.title}

Paints ${manifest.image.width} × ${manifest.image.height} pictures from scene graphs, in the illustrated world that \`npm run train -- corpus\` renders.
Method: "Image Synthesis with Graph Conditioning: CLIP-Guided Diffusion Models for Scene Graphs" (arXiv 2401.14111).

## How it was made

${command} on a processor with two cores, ${(total / 3600).toFixed(1)} hours of training in all.${went}

| stage | minutes |
|---|---|
${stages}

Configuration: latents of 16 × 16 cells that say what is seen in each, decoder with textures of ${config.autoencoder.texels} × ${config.autoencoder.texels}; denoiser with ${config.denoiser.blocks} transformer
blocks of width ${config.denoiser.channels} between ${config.denoiser.convolutions} + ${config.denoiser.convolutions} convolution blocks; fusion "${config.graphEncoder.fusion}"; λ = ${config.finetune.lambda}, β = ${config.finetune.beta.toFixed(2)}.
The manifest holds the whole of it.${kept} Weights are averages (EMA) in half precision.${history}${asked}

## What it knows

- ${manifest.vocabulary.objects.length} object labels: ${manifest.vocabulary.objects.join(', ')}.
- ${manifest.vocabulary.predicates.length} predicates: ${manifest.vocabulary.predicates.join(', ')}.
- Styles: ${manifest.styles.join(', ')}.
- Everyday words for a label are read as it ("lamb" as sheep); other words are placed by their word vectors next to what they resemble.

## How good it is

Measured by \`npm run evaluate\` on test scenes that no stage was trained on. Ceiling: the same score on the real test pictures. Floor: on pictures of other graphs.
edgeFlipDirections counts left, right, above and below alone, edgeFlipShown the pairs of which a real picture of the turned graph was found; those pictures are the ceiling of all three.

${scoreTable(manifest.evaluation)}
${notes && `\n${notes.trim()}\n`}
## Limits

Drawings, not photographs. The default guidance was chosen by these scores, so they may flatter it a little. It was trained on graphs of few objects; larger graphs are accepted and obeyed less well. The verifier that scores the
pictures was trained by the same script, on scenes of its own.

## Licence and credits

${manifest.licence}. Made from:

${manifest.credits.map((credit) => `- ${credit}`).join('\n')}
`;
}
