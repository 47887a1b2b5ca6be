/** The same step in PyTorch, in the same run. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as v from 'valibot';
import { type Figure, figure, median } from './figures.ts';

const answerSchema = v.object({ version: v.string(), threads: v.number(), seconds: v.array(v.number()) });

/** A step as it was measured here. */
interface Measured {
  readonly name: string;
  readonly batch: number;
  /** Of each round. */
  readonly seconds: readonly number[];
}

/**
 * Pictures per second here; with an interpreter PyTorch's beside them, and the ratio.
 * @param python the interpreter of an environment with torch
 * @param script beside this file @param numbers what it is told
 */
export function besideTorch(
  { name, batch, seconds }: Measured,
  python: string | undefined,
  script: string,
  numbers: readonly (number | string)[],
): Figure[] {
  const perSecond = (where: string, each: readonly number[]) =>
    figure(
      `${name}, ${where}: pictures per second`,
      '1/s',
      each.map((one) => batch / one),
    );
  const here = perSecond('here', seconds);
  if (python === undefined) return [here];
  const torch = inTorch(python, script, numbers);
  const ratio = median(torch.seconds) / median(seconds);
  return [
    here,
    perSecond(`PyTorch ${torch.version}, ${torch.threads} threads`, torch.seconds),
    figure(`${name}: as fast as PyTorch`, '×', [ratio]),
  ];
}

/** @throws Error with the interpreter's last line when it cannot */
function inTorch(
  python: string,
  script: string,
  numbers: readonly (number | string)[],
): v.InferOutput<typeof answerSchema> {
  const file = join(import.meta.dirname, script);
  const { stdout, stderr, error } = spawnSync(python, [file, ...numbers.map(String)], { encoding: 'utf8' });
  if (error) throw new Error(`--torch: ${python} cannot be run: ${error.message}`);
  try {
    return v.parse(answerSchema, JSON.parse(stdout));
  } catch {
    throw new Error(`--torch: ${python} did not run the step: ${stderr.trim().split('\n').at(-1)}`);
  }
}
