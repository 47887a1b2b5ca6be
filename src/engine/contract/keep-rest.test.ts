import { expect, it } from 'vitest';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import { inpaintingAfter } from './keep-rest.ts';
import type { Verification } from './protocol.ts';

const graphOf = (labels: readonly string[], predicate: string): SceneGraph => ({
  ...EMPTY_SCENE_GRAPH,
  objects: labels.map((label, i) => ({ id: `o${i}`, label, attributes: [], position: { x: 0, y: 0 } })),
  relations: [{ id: 'r0', subject: 'o0', predicate, object: 'o1' }],
});
const before = graphOf(['dog', 'cat', 'bird', 'tree'], 'left of');
const map = (i: number) => Float32Array.of(i);
const verification: Verification = { objects: { o0: 'found', o1: 'found', o2: 'found', o3: 'unsure' }, relations: {} };
const attention = { width: 1, height: 1, objects: { o0: map(0), o1: map(1), o2: map(2), o3: map(3) }, relations: {} };
const earlier = { graph: before, latent: new Float32Array(1), attention, verification };

it('of a turned edge keeps what the whole picture has in common, and names what else was seen', () => {
  expect(inpaintingAfter(earlier, graphOf(['dog', 'cat', 'bird', 'tree'], 'right of'), 0.5)).toEqual({
    latent: new Float32Array(1),
    strength: 0.5,
    before: [map(0), map(1)],
    objects: ['o0', 'o1'],
    keepsWhole: true,
    others: { o2: map(2) },
  });
  expect(inpaintingAfter(earlier, before, 1)).toBeUndefined();
});

it('of another object leaves ground, style and hour free: it may be a ground, or at night', () => {
  const changed = inpaintingAfter(earlier, graphOf(['dog', 'cat', 'snow', 'tree'], 'left of'), 1);
  expect(changed).toMatchObject({ objects: ['o2'], keepsWhole: false, others: { o0: map(0), o1: map(1) } });
});
