import { describe, expect, it } from 'vitest';
import { applyPerturbation, oppositePairs, oppositePredicate, perturbationsOf, surprise, sweep } from './perturb.ts';
import { seededRandom } from './random.ts';
import { meadow } from './scene-graph.fixture.ts';

const predicates = ['left of', 'right of', 'behind', 'in front of', 'standing on', 'under', 'on'];
const behind = meadow.relations[1]!;

describe('oppositePredicate', () => {
  it('leads back for every pair', () => {
    for (const [a, b] of oppositePairs) {
      expect(oppositePredicate(a, [a, b])).toBe(b);
      expect(oppositePredicate(b, [a, b])).toBe(a);
    }
  });

  it('offers nothing that the model does not know', () => {
    expect(oppositePredicate('standing on', predicates)).toBe('under');
    expect(oppositePredicate('above', predicates)).toBeUndefined();
    expect(oppositePredicate('riding', predicates)).toBeUndefined();
  });
});

describe('perturbations', () => {
  it('lists opposite, swap, every other predicate and removal, each once', () => {
    expect(perturbationsOf(behind, predicates)).toEqual([
      { kind: 'opposite', predicate: 'in front of' },
      { kind: 'swap' },
      ...['left of', 'right of', 'standing on', 'under', 'on'].map((predicate) => ({ kind: 'predicate', predicate })),
      { kind: 'remove' },
    ]);
  });

  it('change the one edge and nothing else', () => {
    for (const perturbation of perturbationsOf(behind, predicates)) {
      const graph = applyPerturbation(meadow, 'r2', perturbation);
      expect(graph).not.toEqual(meadow);
      expect(graph.objects).toEqual(meadow.objects);
      expect(graph.relations.filter((r) => r.id !== 'r2')).toEqual([meadow.relations[0]]);
    }
    expect(() => applyPerturbation(meadow, 'r9', { kind: 'remove' })).toThrow('r9');
  });

  it('sweep gives one graph per predicate, the edge as it is among them', () => {
    const graphs = sweep(meadow, 'r2', predicates);
    expect(graphs.map(({ graph }) => graph.relations[1]!.predicate)).toEqual(predicates);
    expect(graphs[2]!.graph).toBe(meadow);
  });
});

describe('surprise', () => {
  it('repeats for a seed', () => {
    const draw = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 20 }, () => surprise(behind, predicates, random));
    };
    expect(draw(4)).toEqual(draw(4));
    expect(draw(4)).not.toEqual(draw(5));
  });

  it('draws each kind as often, never leaves the edge as it is and never removes it', () => {
    const random = seededRandom(1);
    const counts = { opposite: 0, swap: 0, predicate: 0, remove: 0 };
    for (let i = 0; i < 3000; i++) {
      const perturbation = surprise(behind, predicates, random);
      counts[perturbation.kind]++;
      expect(applyPerturbation(meadow, 'r2', perturbation)).not.toEqual(meadow);
    }
    expect(counts.remove).toBe(0);
    for (const kind of ['opposite', 'swap', 'predicate'] as const)
      expect(Math.abs(counts[kind] - 1000)).toBeLessThan(120);
  });
});
