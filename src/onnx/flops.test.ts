import { expect, test } from 'vitest';
import { countFlops } from './flops.ts';
import { GraphBuilder } from './graph-builder.ts';

test('a multiply-add is two operations; element-wise work is free', () => {
  const g = new GraphBuilder();
  const image = g.input('image', [2, 3, 4, 4]);
  g.one('Exp', [image]);
  expect(countFlops(g)).toBe(0);
  g.one('MatMul', [g.input('a', [5, 2, 3]), g.input('b', [3, 7])]);
  expect(countFlops(g)).toBe(2 * 5 * 2 * 3 * 7);
  g.one('Gemm', [g.input('c', [3, 2]), g.input('d', [3, 7])], { transA: 1 });
  expect(countFlops(g)).toBe(210 * 2 + 2 * 2 * 3 * 7);
  g.one('Conv', [image, g.input('weight', [5, 3, 3, 3])]);
  expect(countFlops(g)).toBe(504 + 2 * (2 * 5 * 2 * 2) * (3 * 3 * 3));
  g.one('ConvTranspose', [image, g.input('back', [3, 5, 2, 2])]);
  expect(countFlops(g)).toBe(504 + 2160 + 2 * (2 * 3 * 4 * 4) * (5 * 2 * 2));
});
