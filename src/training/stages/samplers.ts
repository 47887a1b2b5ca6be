/** Scores against passes of the denoiser: each sampler with guidance, and the student. As a table, a plot and JSON; what is there is not painted again. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { NonFiniteError } from '#diffusion/sampling/non-finite.ts';
import { passesOf } from '#diffusion/sampling/samplers/student.ts';
import type { SamplerName } from '#engine/contract/generation-settings.ts';
import type { Manifest } from '#engine/contract/manifest.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { loadPackage } from '#engine/package/package-loader.ts';
import { modelHash } from '#training/evaluation/painting/evaluation-model.ts';
import { type EvaluationOptions, runEvaluation } from '#training/evaluation/run-evaluation.ts';
import { packageFolder } from '#training/files/model-folder.ts';
import { startProgress } from '#training/files/progress.ts';
import { replaceFile } from '#training/files/replace-file.ts';
import { type PassesResult, passesPage, passesTable } from '#training/report/passes-page.ts';
import { type ScoreColumn, scoreColumns } from '#training/report/trials-page.ts';
import type { StageContext } from '#training/run/context.ts';

/** With two calls of the denoiser in a step, but for its last; all others have one. */
const TWICE: SamplerName = 'heun';
const compared: readonly SamplerName[] = ['euler', TWICE, 'dpmpp-2m', 'dpmpp-2m-sde', 'lms'];
/** Guidance asks the denoiser twice: of the graph, and of nothing or of its objects alone. */
const BRANCHES = 2;

const COLUMNS: readonly ScoreColumn[] = ['oor', 'relationAccuracy', 'edgeFlip', 'isolation', 'ds', 'fd'];
const SEED = 0;

interface Way {
  readonly sampler: SamplerName;
  readonly steps: number;
  readonly passes: number;
}

/** @param allowed passes in all */
export function waysOf({ student }: Pick<Manifest, 'student'>, allowed: readonly number[]): Way[] {
  const ways = compared.flatMap((sampler) =>
    allowed.map((passes) => {
      const calls = passes / BRANCHES;
      // k steps of Heun's method are 2k − 1 calls.
      const steps = Math.max(1, Math.floor(sampler === TWICE ? (calls + 1) / 2 : calls));
      return { sampler, steps, passes: BRANCHES * (sampler === TWICE ? 2 * steps - 1 : steps) };
    }),
  );
  return student ? [{ sampler: 'student', steps: student.sigmas.length, passes: passesOf(student) }, ...ways] : ways;
}

const scoreSchema = v.object({
  value: v.nullable(v.number()),
  ceiling: v.nullable(v.number()),
  interval: v.nullable(v.tuple([v.number(), v.number()])),
});
const savedSchema = v.object({
  model: v.string(),
  graphs: v.number(),
  results: v.array(
    v.object({
      sampler: v.string(),
      steps: v.number(),
      passes: v.number(),
      scores: v.record(v.picklist(scoreColumns), scoreSchema),
    }),
  ),
});

/**
 * @param folder of the package; that of the configuration's name when absent
 * @param waysTo paint with it that are compared
 * @throws EngineError when there is no package
 */
export async function compareSamplers(
  { config, store, say }: StageContext,
  folder = packageFolder(config.name),
  waysTo = waysOf,
): Promise<void> {
  const { manifest } = await loadPackage(folderSource(folder));
  const identity = { model: modelHash(manifest), graphs: config.samplers.graphs };
  const file = join(store.folder, 'samplers.json');
  const results = savedResults(file, identity);
  for (const way of waysTo(manifest, config.samplers.passes)) {
    if (results.some(({ sampler, steps }) => sampler === way.sampler && steps === way.steps)) continue;
    say(`── ${way.sampler}, ${way.steps} steps`);
    const options = {
      modelFolder: folder,
      samples: config.samplers.graphs,
      cacheFolder: join(store.folder, 'samplers'),
      progress: startProgress(way.sampler),
      say,
    };
    results.push({ ...way, scores: await scoresOf(way, options) });
    replaceFile(file, `${JSON.stringify({ ...identity, results }, null, 1)}\n`);
    const facts = [
      ['model', manifest.title],
      ['test graphs', String(config.samplers.graphs)],
    ] as const;
    replaceFile(join(store.folder, 'samplers.html'), passesPage(results, COLUMNS, facts));
  }
  say(passesTable(results, COLUMNS));
  say(`samplers: ${join(store.folder, 'samplers.html')}`);
}

/** None where the sampler overshoots what the networks can read. */
async function scoresOf(
  { sampler, steps }: Way,
  options: Omit<EvaluationOptions, 'sampler' | 'steps' | 'seed' | 'kinds'>,
): Promise<PassesResult['scores']> {
  try {
    const { evaluation } = await runEvaluation({ ...options, sampler, steps, seed: SEED, kinds: ['opposite'] });
    const scores = COLUMNS.flatMap((column) => {
      const score = evaluation.scores[column];
      return score ? [[column, { value: score.value, ceiling: score.ceiling, interval: score.interval }] as const] : [];
    });
    return Object.fromEntries(scores);
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    options.say(`${sampler}, ${steps} steps: ${error.message}`);
    return {};
  }
}

/** Those of the same model and number of graphs. */
function savedResults(
  file: string,
  { model, graphs }: { readonly model: string; readonly graphs: number },
): PassesResult[] {
  if (!existsSync(file)) return [];
  const saved = v.safeParse(v.pipe(v.string(), v.parseJson(), savedSchema), readFileSync(file, 'utf8'));
  return saved.success && saved.output.model === model && saved.output.graphs === graphs ? saved.output.results : [];
}
