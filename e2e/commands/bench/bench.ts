/** `npm run bench`: what training, painting and drawing cost here. Compare ratios of one run, not times of two. */
import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { type Effort, type Figure, lineOf } from './figures.ts';

const ROUNDS = 7;

const parts: Readonly<Record<string, (effort: Effort) => Promise<Figure[]>>> = {
  training: async (effort) => (await import('./training.ts')).measureTraining(effort),
  node: async (effort) => (await import('./node-painting.ts')).measureNode(effort),
  browser: async (effort) => (await import('./browser.ts')).measureBrowser(effort),
};

interface Options {
  readonly json?: string;
  readonly only?: string;
  readonly quick: boolean;
}

const program = new Command('bench')
  .description('Measures training, painting and the canvas: medians, and the lowest and highest of the rounds.')
  .option('--json <file>', 'write the figures as JSON')
  .option('--quick', 'small sizes and one round: shows that all of it runs', false)
  .addOption(new Option('--only <part>', 'measure one part').choices(Object.keys(parts)))
  .parse();
const { json, only, quick } = program.opts<Options>();
const figures: Figure[] = [];
for (const [part, measure] of Object.entries(parts)) {
  if (only !== undefined && only !== part) continue;
  const measured = await measure({ rounds: quick ? 1 : ROUNDS, isQuick: quick });
  for (const each of measured) process.stdout.write(`${lineOf(each)}\n`);
  figures.push(...measured);
}
if (json) writeFileSync(json, `${JSON.stringify({ figures }, null, 2)}\n`);
