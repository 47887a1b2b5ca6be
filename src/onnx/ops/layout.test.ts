import { expect, it } from 'vitest';
import { realTensor, runGraph } from '#onnx/gradient-check.fixture.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { spaceToDepth } from './layout.ts';

it('space to depth in parts is the operator of that name', async () => {
  const g = new GraphBuilder();
  const shape = [2, 3, 4, 6];
  const x = g.input('x', shape);
  g.output('parts', spaceToDepth(g, x, 2));
  g.output('operator', g.one('SpaceToDepth', [x], { blocksize: 2 }));
  const { parts, operator } = await runGraph(g, { x: realTensor(shape, Array(144).keys()) });
  expect(parts!.dims).toEqual([2, 12, 2, 3]);
  expect(parts!.data).toEqual(operator!.data);
});
