import { describe, expect, it } from 'vitest';
import type { SceneGraph } from '#graph/scene-graph.ts';
import type { DetectionSpec } from './detect.ts';
import { detectionMapsOf, type SeenThing } from './detection-maps.fixture.ts';
import { imageOf, verify } from './verify.ts';

const spec: DetectionSpec = {
  labels: ['sheep', 'tree', 'grass'],
  thresholds: [0.5, 0.5, 0.5],
  regions: new Map([['grass', 'ground']]),
};

function graphOf(labels: readonly string[], relations: readonly (readonly [number, string, number])[]): SceneGraph {
  return {
    format: 'sgraffito/scene-graph',
    version: 1,
    objects: labels.map((label, i) => ({ id: `o${i}`, label, attributes: [], position: { x: 0, y: 0 } })),
    relations: relations.map(([s, predicate, o], i) => ({ id: `r${i}`, subject: `o${s}`, predicate, object: `o${o}` })),
  };
}

const check = (graph: SceneGraph, ...things: SeenThing[]) => verify(graph, detectionMapsOf(spec.labels, things), spec);

const leftSheep: SeenThing = { label: 'sheep', box: [0.05, 0.6, 0.3, 0.85], depth: 1 };
const rightTree: SeenThing = { label: 'tree', box: [0.6, 0.2, 0.95, 0.9], depth: 0.5 };

describe('verification of a picture', () => {
  const graph = graphOf(
    ['sheep', 'tree'],
    [
      [0, 'left of', 1],
      [0, 'right of', 1],
    ],
  );

  it('says which objects and relations came out', () => {
    const { sightings, ...verdicts } = check(graph, leftSheep, rightTree);
    expect(verdicts).toEqual({
      objects: { o0: 'found', o1: 'found' },
      relations: { r0: 'found', r1: 'missing' },
    });
    expect(sightings).toEqual({
      o0: { box: leftSheep.box.map((edge) => expect.closeTo(edge, 1)), score: expect.closeTo(1) },
      o1: { box: rightTree.box.map((edge) => expect.closeTo(edge, 1)), score: expect.closeTo(1) },
    });
  });

  it('is unsure of relations whose ends are not there', () => {
    const { sightings, ...verdicts } = check(graph, leftSheep);
    expect(verdicts).toEqual({
      objects: { o0: 'found', o1: 'missing' },
      relations: { r0: 'unsure', r1: 'unsure' },
    });
    expect(Object.keys(sightings ?? {})).toEqual(['o0']);
  });

  it('is unsure of what it almost saw, and of words it was never taught', () => {
    const faint = { ...rightTree, strength: 0.4 };
    expect(check(graphOf(['tree', 'dragon'], []), faint).objects).toEqual({ o0: 'unsure', o1: 'unsure' });
  });

  it('is unsure of a relation that half a cell would turn round', () => {
    const diagonal: SeenThing = { label: 'tree', box: [0.55, 0.1, 0.8, 0.35], depth: 0.5 };
    expect(check(graph, leftSheep, diagonal).relations).toEqual({ r0: 'unsure', r1: 'missing' });
  });

  it('counts: three sheep asked for, two there', () => {
    const second = { ...leftSheep, box: [0.6, 0.6, 0.9, 0.85] } as const;
    const { objects } = check(graphOf(['sheep', 'sheep', 'sheep'], []), leftSheep, second);
    expect(Object.values(objects).sort()).toEqual(['found', 'found', 'missing']);
  });

  it('lets the picture choose which sheep is the first', () => {
    const second = { ...leftSheep, box: [0.4, 0.6, 0.55, 0.85], strength: 0.8 } as const;
    for (const predicate of ['left of', 'right of']) {
      expect(check(graphOf(['sheep', 'sheep'], [[0, predicate, 1]]), leftSheep, second).relations).toEqual({
        r0: 'found',
      });
    }
  });
});

describe('the picture as the verifier reads it', () => {
  it('is planes in [−1, 1] without alpha', () => {
    const pixels = new Uint8ClampedArray([0, 51, 255, 255, 255, 255, 0, 255]);
    const { data, dims } = imageOf({ width: 2, height: 1, pixels });
    expect(dims).toEqual([1, 3, 1, 2]);
    expect([...data]).toEqual([-1, 1, -0.6, 1, 1, -1].map((x) => expect.closeTo(x)));
  });
});
