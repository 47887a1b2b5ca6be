/** A training step of a plain transformer, and the same step in PyTorch in the same run. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, square, sub } from '#onnx/ops/arithmetic.ts';
import { meanAll } from '#onnx/ops/reduction.ts';
import { attention, mlp, norm } from '#training/networks/layers.ts';
import { type Effort, type Figure, figure, median } from './figures.ts';
import { secondsOfSteps } from './training-step.ts';

const answerSchema = v.object({ version: v.string(), threads: v.number(), seconds: v.array(v.number()) });

/** @param python the interpreter of an environment with torch; without one the project's own step alone is measured */
export async function measureTransformer({ rounds, isQuick }: Effort, python: string | undefined): Promise<Figure[]> {
  const shape = { width: 256, blocks: isQuick ? 1 : 6, heads: 4, tokens: 64, context: 12, batch: isQuick ? 2 : 32 };
  const { batch } = shape;
  const ours = await secondsOfSteps(...transformer(shape), rounds);
  const perSecond = (name: string, seconds: readonly number[]) =>
    figure(
      `transformer step, ${name}: pictures per second`,
      '1/s',
      seconds.map((each) => batch / each),
    );
  const figures = [perSecond('here', ours)];
  if (python === undefined) return figures;
  const { version, threads, seconds } = inTorch(python, [...Object.values(shape), rounds]);
  const ratio = median(seconds) / median(ours);
  return [
    ...figures,
    perSecond(`PyTorch ${version}, ${threads} threads`, seconds),
    figure('transformer step: as fast as PyTorch', '×', [ratio]),
  ];
}

interface Shape {
  readonly width: number;
  readonly blocks: number;
  readonly heads: number;
  readonly tokens: number;
  readonly context: number;
  readonly batch: number;
}

/** Blocks of self-attention, cross-attention and MLP, each after a norm, and the mean squared error. */
function transformer({ width, blocks, heads, tokens, context, batch }: Shape): [GraphBuilder, Value] {
  const g = new GraphBuilder();
  const told = g.input('context', [batch, context, width]);
  let x = g.input('x', [batch, tokens, width]);
  const target = g.input('target', [batch, tokens, width]);
  for (let block = 0; block < blocks; block++) {
    const name = (part: string) => `block${block}.${part}`;
    const normed = norm(g, name('norm1'), x);
    x = add(g, x, attention(g, name('own'), normed, normed, heads).output);
    x = add(g, x, attention(g, name('cross'), norm(g, name('norm2'), x), told, heads).output);
    x = add(g, x, mlp(g, name('mlp'), norm(g, name('norm3'), x), 4 * width, width));
  }
  return [g, meanAll(g, square(g, sub(g, x, target)))];
}

/** @throws Error with the interpreter's last line when it cannot */
function inTorch(python: string, numbers: readonly number[]): v.InferOutput<typeof answerSchema> {
  const script = join(import.meta.dirname, 'torch_step.py');
  const { stdout, stderr, error } = spawnSync(python, [script, ...numbers.map(String)], { encoding: 'utf8' });
  if (error) throw new Error(`--torch: ${python} cannot be run: ${error.message}`);
  try {
    return v.parse(answerSchema, JSON.parse(stdout));
  } catch {
    throw new Error(`--torch: ${python} did not run the step: ${stderr.trim().split('\n').at(-1)}`);
  }
}
