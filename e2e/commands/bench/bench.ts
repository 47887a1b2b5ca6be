/** `npm run bench`: what training, painting and drawing cost here. Compare ratios of one run, not times of two. */
import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { type Effort, type Figure, lineOf } from './figures.ts';

const ROUNDS = 7;

interface Options {
  readonly json?: string;
  readonly only?: readonly string[];
  /** An interpreter with torch; for the adapter's step with diffusers, too. */
  readonly torch?: string;
  /** Folder of a Stable Diffusion package. */
  readonly base?: string;
  readonly quick: boolean;
}

const parts: Readonly<Record<string, (effort: Effort, options: Options) => Promise<Figure[]>>> = {
  training: async (effort) => (await import('./training.ts')).measureTraining(effort),
  transformer: async (effort, { torch }) => (await import('./transformer.ts')).measureTransformer(effort, torch),
  adapter: async (effort, { base, torch }) => (await import('./adapter.ts')).measureAdapter(effort, base, torch),
  node: async (effort) => (await import('./node-painting.ts')).measureNode(effort),
  chromium: async (effort) => (await import('./browser.ts')).measureChromium(effort),
  canvas: async (effort) => (await import('./browser.ts')).measureLargeGraph(effort),
};

const program = new Command('bench')
  .description('Measures training, painting and the canvas: medians, and the lowest and highest of the rounds.')
  .option('--json <file>', 'write the figures as JSON')
  .option('--quick', 'small sizes and one round: shows that all of it runs', false)
  .option('--base <folder>', 'a Stable Diffusion package: the graph adapter’s step on its UNet')
  .option(
    '--torch <python>',
    'an interpreter with torch (and diffusers, with --base): those steps in PyTorch, too, in the same run',
  )
  .addOption(new Option('--only <parts...>', 'measure these parts').choices(Object.keys(parts)))
  .parse();
const options = program.opts<Options>();
const { json, only, quick } = options;
const figures: Figure[] = [];
try {
  for (const [part, measure] of Object.entries(parts)) {
    if (only !== undefined && !only.includes(part)) continue;
    const measured = await measure({ rounds: quick ? 1 : ROUNDS, isQuick: quick }, options);
    for (const each of measured) process.stdout.write(`${lineOf(each)}\n`);
    figures.push(...measured);
  }
  if (json) writeFileSync(json, `${JSON.stringify({ figures }, null, 2)}\n`);
} catch (error) {
  process.stderr.write(`bench: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]}\n`);
  process.exitCode = 1;
}
