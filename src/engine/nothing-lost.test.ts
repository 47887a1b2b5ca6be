import { describe, expect, it } from 'vitest';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import type { Inpainting, KeepRest, Verdict } from './contract/protocol.ts';
import { MOST_PICTURES, paintNothingLost } from './nothing-lost.ts';

const graph: SceneGraph = {
  ...EMPTY_SCENE_GRAPH,
  objects: ['dog', 'cat', 'bird', 'tree'].map((label) => ({
    id: label,
    label,
    attributes: [],
    position: { x: 0, y: 0 },
  })),
  relations: [
    { id: 'turned', subject: 'dog', predicate: 'left of', object: 'cat' },
    { id: 'other', subject: 'bird', predicate: 'above', object: 'tree' },
  ],
};
const cell = (i: number) => Float32Array.from({ length: 4 }, (_, at) => (at === i ? 1 : 0));
const order: KeepRest = {
  latent: new Float32Array(8),
  strength: 1,
  before: [cell(0), cell(1)],
  objects: ['dog', 'cat'],
  others: { bird: cell(2), tree: cell(3) },
};

/** What the verifier says of each picture in turn, and what each of them was painted by. */
async function paintWith(verdicts: readonly { readonly lost?: readonly string[]; readonly turned?: Verdict }[]) {
  const orders: Inpainting[] = [];
  const result = await paintNothingLost(
    async (keep, nth) => {
      orders.push(keep);
      const { lost = [], turned = 'found' } = verdicts[nth]!;
      const objects = Object.fromEntries(
        graph.objects.map(({ id }): [string, Verdict] => [id, lost.includes(id) ? 'missing' : 'found']),
      );
      const verification = { objects, relations: { turned, other: 'found' as const } };
      return { verification, nth };
    },
    graph,
    order,
  );
  return { orders, taken: result.nth };
}

describe('a picture that may lose nothing', () => {
  it('is painted once where nothing is lost, whether the edge turned or not', async () => {
    const { others: _, ...keep } = order;
    expect(await paintWith([{ turned: 'missing' }])).toEqual({ orders: [keep], taken: 0 });
    // The ends of what was changed may go wherever they go.
    expect((await paintWith([{ lost: ['dog'] }])).taken).toBe(0);
  });

  it('is painted again with what was lost fixed, from the same noise first and then from other noise', async () => {
    const { orders, taken } = await paintWith([{ lost: ['bird'] }, { lost: ['tree'] }, {}]);
    expect(taken).toBe(2);
    expect(orders.map(({ fixed, further }) => [fixed && [...fixed], further])).toEqual([
      [undefined, undefined],
      [[0, 0, 1, 0], 0],
      [[0, 0, 1, 1], 1],
    ]);
  });

  it('does not win the object by losing the edge, if any picture has both', async () => {
    const turnedBack = { turned: 'missing' } as const;
    expect((await paintWith([{ lost: ['bird'] }, turnedBack, {}])).taken).toBe(2);
    const unsure = { lost: ['bird'], turned: 'unsure' } as const;
    expect((await paintWith([unsure, turnedBack, { turned: 'unsure' }])).taken).toBe(2);
  });

  it('after the last one takes the fewest lost, then the most that holds, then the first', async () => {
    const all = ['bird', 'tree'];
    const two = { lost: all };
    const one = { lost: ['tree'] };
    const turnedBack = { lost: ['tree'], turned: 'missing' } as const;
    const pictures = [two, turnedBack, one, one, two];
    expect(pictures).toHaveLength(MOST_PICTURES);
    expect((await paintWith(pictures)).taken).toBe(2);
  });
});
