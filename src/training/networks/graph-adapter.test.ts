import { expect, test } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { ForwardPass, initializeParameters } from '#training/trainer/training-step.ts';
import { graphAdapter, graphAdapterInputs } from './graph-adapter.ts';

const [TOKENS, WIDTH, OBJECTS, RELATIONS] = [7, 4, 3, 2];
/** Tokens of each object and relation, the last of both padding: "[start] black dog above tree [end] [end]". */
const objectTokens = [[1, 2], [4], []];
const relationTokens = [[3], []];

/** What is added to each token (S, D), with the gates at 0 or away from it. */
async function added(
  gates: { readonly objects: number; readonly relations: number; readonly global?: number },
  edge: readonly [number, number] = [0, 1],
) {
  const g = new GraphBuilder();
  const sizes = { batch: 1, tokens: TOKENS, length: TOKENS, width: WIDTH, objects: OBJECTS, relations: RELATIONS };
  const config = { width: 6, layers: 2, fusion: 'full', globalWidth: 5 } as const;
  const { sCond } = graphAdapter(g, config, graphAdapterInputs(g, sizes));
  g.output('s_cond', sCond);
  const weights = initializeParameters(g, 1);
  weights.get('adapter.fromObjects.gate')!.fill(gates.objects);
  weights.get('adapter.fromRelations.gate')!.fill(gates.relations);
  const hidden = seededNoise(4).normals(TOKENS * WIDTH);
  const places = (tokens: readonly (readonly number[])[]) =>
    Float32Array.from(tokens.flatMap((mine) => Array.from({ length: TOKENS }, (_, s) => Number(mine.includes(s)))));
  const end = (at: number) => Float32Array.from({ length: RELATIONS * OBJECTS }, (_, i) => Number(i === at));
  const forward = await ForwardPass.create(g, 'cpu');
  const { s_cond: found } = await forward.run(
    {
      hidden_states: hidden,
      object_places: places(objectTokens),
      relation_places: places(relationTokens),
      text_places: places(Array.from({ length: TOKENS }, (_, token) => [token])),
      global_places: new Float32Array(TOKENS).fill(gates.global ?? 0, TOKENS - 1),
      subjects: end(edge[0]),
      objects: end(edge[1]),
      object_mask: Float32Array.of(1, 1, 0),
      relation_mask: Float32Array.of(1, 0),
    },
    weights,
  );
  await forward.release();
  return Array.from({ length: TOKENS }, (_, s) =>
    Array.from({ length: WIDTH }, (_, d) => found![s * WIDTH + d]! - hidden[s * WIDTH + d]!),
  );
}

const moved = (tokens: readonly (readonly number[])[]): number[] =>
  tokens.flatMap((token, s) => (token.some((value) => Math.abs(value) > 1e-3) ? [s] : []));

test('objects speak to their own words, relations to theirs, and nothing to any other', async () => {
  expect(moved(await added({ objects: 0, relations: 0 }))).toEqual([]);
  expect(moved(await added({ objects: 1, relations: 0 }))).toEqual([1, 2, 4]);
  expect(moved(await added({ objects: 0, relations: 1 }))).toEqual([3]);
  expect(moved(await added({ objects: 0, relations: 0, global: 1 }))).toEqual([TOKENS - 1]);
});

test('the words of one object hear the same, those of two objects do not, and all hear which way an edge goes', async () => {
  const gates = { objects: 1, relations: 1 };
  const [one, other] = [await added(gates), await added(gates, [1, 0])];
  for (let d = 0; d < WIDTH; d++) expect(one[1]![d]).toBeCloseTo(one[2]![d]!, 5);
  expect(moved([one[1]!.map((value, d) => value - one[4]![d]!)])).toEqual([0]);
  const turned = one.map((token, s) => token.map((value, d) => value - other[s]![d]!));
  expect(moved(turned)).toEqual([1, 2, 3, 4]);
});
