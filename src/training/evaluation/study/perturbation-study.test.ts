import { describe, expect, it } from 'vitest';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { seededRandom } from '#graph/random.ts';
import { flippableRelation, perturb, perturbedPairs, type StudyWorld } from './perturbation-study.ts';

const world: StudyWorld = {
  predicates: ['left of', 'right of', 'above', 'below', 'on', 'under', 'next to', 'behind', 'in front of'],
  isThing: (label) => label !== 'sky' && label !== 'grass',
  alike: (label) => ['dog', 'cat', 'cow'].filter((other) => other !== label),
};
const graph = (labels: string[], ...triples: [number, string, number][]) => graphOf(labels, triples);
const scene = graph(['dog', 'cat', 'sky'], [2, 'above', 0], [0, 'behind', 1]);
const random = () => seededRandom(2);

describe('flippableRelation', () => {
  it('takes a relation between two things that has an opposite', () => {
    expect(flippableRelation(scene, world)?.id).toBe('r2');
    expect(flippableRelation(graph(['dog', 'cat'], [0, 'next to', 1]), world)).toBeUndefined();
    expect(flippableRelation(graph(['dog', 'sky'], [1, 'above', 0]), world)).toBeUndefined();
  });

  it('prefers left, right, above and below', () => {
    const two = graph(['dog', 'cat', 'cow'], [0, 'behind', 1], [0, 'right of', 2]);
    expect(flippableRelation(two, world)?.predicate).toBe('right of');
  });

  it('leaves out labels that occur twice: the picture could choose which is meant', () => {
    expect(flippableRelation(graph(['dog', 'dog'], [0, 'left of', 1]), world)).toBeUndefined();
    expect(flippableRelation(graph(['dog', 'cat', 'cat'], [0, 'left of', 1]), world)).toBeUndefined();
  });

  it('leaves out pairs that another relation holds in place', () => {
    const tied = graph(['dog', 'cat'], [0, 'left of', 1], [1, 'next to', 0]);
    expect(flippableRelation(tied, world)).toBeUndefined();
  });
});

describe('perturb', () => {
  it('opposite changes the predicate alone', () => {
    const pair = perturb('opposite', scene, 4, world, random())!;
    expect(pair.after.relations[1]).toEqual({ ...scene.relations[1]!, predicate: 'in front of' });
    expect(pair.after.objects).toBe(scene.objects);
    expect(pair).toMatchObject({
      graphIndex: 4,
      touched: ['dog', 'cat'],
      sentence: 'dog behind cat → dog in front of cat',
      relationId: 'r2',
    });
  });

  it('swap changes the direction alone', () => {
    const pair = perturb('swap', scene, 0, world, random())!;
    expect(pair.after.relations[1]).toEqual({ id: 'r2', subject: 'o2', predicate: 'behind', object: 'o1' });
    expect(pair.sentence).toBe('dog behind cat → cat behind dog');
  });

  it('relabel gives a thing another name of its kind', () => {
    const pair = perturb('relabel', scene, 0, world, random())!;
    const changed = pair.after.objects.filter((object, i) => object.label !== scene.objects[i]!.label);
    expect(changed).toHaveLength(1);
    expect(pair.touched[1]).toBe(changed[0]!.label);
    expect(pair.touched[0]).not.toBe(pair.touched[1]);
    expect(pair.after.relations).toBe(scene.relations);
  });

  it('remove object takes its relations with it, and never the last object', () => {
    const pair = perturb('remove object', scene, 0, world, random())!;
    expect(pair.after.objects).toHaveLength(2);
    expect(pair.after.relations.length).toBeLessThan(2);
    expect(perturb('remove object', graph(['dog']), 0, world, random())).toBeUndefined();
  });

  it('remove relation keeps the objects', () => {
    const pair = perturb('remove relation', scene, 0, world, random())!;
    expect(pair.after.relations).toHaveLength(1);
    expect(pair.after.objects).toEqual(scene.objects);
    expect(perturb('remove relation', graph(['dog']), 0, world, random())).toBeUndefined();
  });
});

describe('perturbedPairs', () => {
  it('takes the first graphs that allow it, the same for the same seed', () => {
    const graphs = [graph(['sky']), scene, graph(['cat']), scene, scene];
    const of = () => perturbedPairs('relabel', graphs, 3, world, random());
    expect(of().map(({ graphIndex }) => graphIndex)).toEqual([1, 2, 3]);
    expect(of()).toEqual(of());
    expect(perturbedPairs('opposite', graphs, 9, world, random()).map((pair) => pair.graphIndex)).toEqual([1, 3, 4]);
  });
});
