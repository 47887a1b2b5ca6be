/** A training step of a plain transformer, and the same step in PyTorch in the same run. */
import type { Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, square, sub } from '#onnx/ops/arithmetic.ts';
import { meanAll } from '#onnx/ops/reduction.ts';
import { attention, mlp, norm } from '#training/networks/layers.ts';
import type { Effort, Figure } from './figures.ts';
import { besideTorch } from './in-torch.ts';
import { secondsOfSteps } from './training-step.ts';

/** @param python the interpreter of an environment with torch; without one the project's own step alone is measured */
export async function measureTransformer({ rounds, isQuick }: Effort, python: string | undefined): Promise<Figure[]> {
  const shape = { width: 256, blocks: isQuick ? 1 : 6, heads: 4, tokens: 64, context: 12, batch: isQuick ? 2 : 32 };
  const seconds = await secondsOfSteps(...transformer(shape), rounds);
  const measured = { name: 'transformer step', batch: shape.batch, seconds };
  return besideTorch(measured, python, 'torch_step.py', [...Object.values(shape), rounds]);
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
