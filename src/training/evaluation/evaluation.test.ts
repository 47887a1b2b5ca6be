import { describe, expect, it } from 'vitest';
import type { Picture } from '#diffusion/picture.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { seededRandom } from '#graph/random.ts';
import { type Evaluation, evaluate } from './evaluation.ts';
import { type Detected, everyWord, type Judge } from './judges/judge.ts';
import { pyramidDistance } from './judges/pyramid-distance.ts';
import type { PaintJob } from './painting/paint-many.ts';
import {
  type EvaluationPlan,
  labelGraphOf,
  paintJobs,
  planEvaluation,
  shuffledPlaces,
  type TestGraph,
} from './study/evaluation-plan.ts';

/**
 * A world small enough to know every answer: coloured squares on grey, in the middles of a 3 × 3 board. The judge finds squares by their
 * colour and measures where they are; it never sees a graph.
 */
const SIZE = 24;
const CELL = SIZE / 3;
const colours = {
  red: [255, 0, 0],
  green: [0, 255, 0],
  blue: [0, 0, 255],
  yellow: [255, 255, 0],
  cyan: [0, 255, 255],
  pink: [255, 0, 255],
} as const;
type Label = keyof typeof colours;
const labels = Object.keys(colours) as Label[];
const predicates = ['left of', 'right of', 'above', 'below'];

function paintSquares(
  squares: readonly { readonly label: Label; readonly x: number; readonly y: number }[],
  grey: number,
): Picture {
  const pixels = new Uint8ClampedArray(SIZE * SIZE * 4).fill(255);
  for (let i = 0; i < SIZE * SIZE; i++) pixels.fill(grey, i * 4, i * 4 + 3);
  for (const { label, x, y } of squares) {
    for (let dy = 2; dy < CELL - 2; dy++) {
      for (let dx = 2; dx < CELL - 2; dx++) pixels.set(colours[label], ((y * CELL + dy) * SIZE + x * CELL + dx) * 4);
    }
  }
  return { width: SIZE, height: SIZE, pixels };
}

const judge: Judge<Detected> = {
  name: 'finder of coloured squares',
  ...everyWord,
  look: async (pictures) =>
    pictures.map((picture) => {
      const detections = labels.flatMap((label): Detected[] => {
        const at = Array.from({ length: SIZE * SIZE }, (_, i) => i).filter((i) =>
          colours[label].every((value, c) => picture.pixels[i * 4 + c] === value),
        );
        if (at.length === 0) return [];
        const [xs, ys] = [at.map((i) => i % SIZE), at.map((i) => Math.floor(i / SIZE))];
        const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
        return [{ label, score: 1, box: box.map((value) => value / SIZE) as unknown as Detected['box'] }];
      });
      return { detections, presence: labels.map((label) => Number(detections.some((d) => d.label === label))) };
    }),
  holds: (predicate, subject, object) => {
    const [dx, dy] = [subject.box[0] - object.box[0], subject.box[1] - object.box[1]];
    switch (predicate) {
      case 'left of':
        return dx < 0;
      case 'right of':
        return dx > 0;
      case 'above':
        return dy < 0;
      default:
        return dy > 0;
    }
  },
};

type Painter = (job: PaintJob) => Picture;

/** Puts the ends of the graph's first relation where it says; the seed chooses the grey. */
const obedient: Painter = ({ graph, settings }) => {
  const [relation] = labelGraphOf(graph).relations;
  const side = { 'left of': [0, 1], 'right of': [2, 1], above: [1, 0], below: [1, 2] }[
    relation?.predicate ?? 'left of'
  ]!;
  const squares = graph.objects.map(({ label }, i) => {
    const isSubject = i === (relation?.subject ?? 0);
    return { label: label as Label, x: isSubject ? side[0]! : 2 - side[0]!, y: isSubject ? side[1]! : 2 - side[1]! };
  });
  return paintSquares(squares, 60 + ((settings.seed * 37) % 100));
};
/** Paints the right objects, but where they stand depends on the seed and the labels alone. */
const deafToEdges: Painter = ({ graph, settings }) => {
  const random = seededRandom(settings.seed);
  const [x, y] = [random.integer(2) * 2, random.integer(2) * 2];
  const squares = graph.objects.map(({ label }, i) => ({
    label: label as Label,
    x: i === 0 ? x : 2 - x,
    y: i === 0 ? y : 2 - y,
  }));
  return paintSquares(squares, 100);
};
const blank: Painter = () => paintSquares([], 100);

function testSet(count: number): TestGraph[] {
  const random = seededRandom(77);
  return Array.from({ length: count }, () => {
    const first = random.integer(labels.length);
    const pair = [labels[first]!, labels[(first + 1 + random.integer(labels.length - 1)) % labels.length]!];
    const graph = graphOf(pair, [[0, predicates[random.integer(4)]!, 1]]);
    const real = obedient({ graph, settings: { ...settings, style: 'any', seed: random.uint32() } });
    return { graph, style: 'any', real };
  });
}

const settings = { steps: 1, guidanceScale: 1, sampler: 'euler' } as const;
const world = { predicates, isThing: () => true, alike: (label: string) => labels.filter((other) => other !== label) };
const graphs = testSet(60);
const planned = planEvaluation(graphs, { world, seed: 3, pairsPerKind: 12, diverseGraphs: 5 });
/** Of every third pair there is a real picture of the second graph, and of one of those it is wrong. */
const plan: EvaluationPlan = {
  ...planned,
  pairs: planned.pairs.map((pair, i) => {
    if (pair.kind !== 'opposite' || i % 3 !== 0) return pair;
    const graph = i === 0 ? pair.before : pair.after;
    return { ...pair, real: obedient({ graph, settings: { ...settings, style: 'any', seed: i } }) };
  }),
};
/** Mean brightness and mean step from one pixel to the next, per colour. */
const space = {
  name: 'brightness and roughness',
  features: async (pictures: readonly Picture[]) =>
    pictures.map(({ pixels }) => {
      const means = new Float32Array(6);
      for (let i = 0; i < pixels.length - 4; i++) {
        if (i % 4 === 3) continue;
        means[i % 4]! += pixels[i]! / 255 / SIZE ** 2;
        means[3 + (i % 4)]! += Math.abs(pixels[i + 4]! - pixels[i]!) / 255 / SIZE ** 2;
      }
      return means;
    }),
};

async function judged(painter: Painter, seed = 3, of = plan): Promise<Evaluation<Detected>> {
  const jobs = paintJobs(of, 500, settings);
  const pictures = {
    base: jobs.base.map(painter),
    after: jobs.after.map(painter),
    samples: jobs.samples.map((samples) => samples.map(painter)),
  };
  const reference = testSet(90).map(({ real }) => real!);
  return evaluate({ plan: of, pictures, judge, predicates, distance: pyramidDistance, space, reference, seed });
}

describe('evaluate', () => {
  it('an obedient painter reaches the ceilings, or passes that of edge flip, where one real picture is wrong', async () => {
    const { scores } = await judged(obedient);
    expect(scores.oor).toMatchObject({ value: 1, ceiling: 1, n: 120, interval: [1, 1] });
    expect(scores.oor.floor).toBeLessThan(0.6); // one of six labels is there by chance for a third of the objects
    expect(scores.relationAccuracy).toMatchObject({ value: 1, ceiling: 1, n: 60, whenFound: 1 });
    expect(scores.relationAccuracy.floor).toBeLessThan(0.25);
    expect(scores.edgeFlip).toMatchObject({ value: 1, ceiling: 19 / 20, n: 60, reversed: 0, single: 1 });
    expect(scores.edgeFlip.directions).toMatchObject({ value: 1, ceiling: 19 / 20, n: 60, unit: 'pairs' });
    expect(scores.edgeFlip.shown).toMatchObject({ value: 1, ceiling: 19 / 20, n: 20, unit: 'pairs' });
    expect(Object.keys(scores.edgeFlip.perPair)).toEqual(['above / below', 'left of / right of']);
    expect(scores.isolation).toMatchObject({ value: 1, ceiling: 1 }); // the grey belongs to the seed
    expect(scores.isolation.floor).toBeLessThan(0.95);
    expect(scores.fd.value).toBeLessThan(scores.fd.floor!);
    expect(scores.study.map(({ kind, n, followed }) => [kind, n, followed])).toEqual([
      ['opposite', 60, 1],
      ['swap', 12, 1],
      ['relabel', 12, expect.any(Number)],
      ['remove object', 12, 1],
      ['remove relation', 12, null],
    ]);
  });

  it('says so where no turned graph has a real picture', async () => {
    const bare = { ...plan, pairs: plan.pairs.map(({ real: _, ...pair }) => pair) };
    const { edgeFlip } = (await judged(obedient, 3, bare)).scores;
    expect(edgeFlip).toMatchObject({ value: 1, ceiling: null });
    expect(edgeFlip.shown).toMatchObject({ value: null, n: 0, reason: expect.stringMatching(/no real picture/) });
  });

  it('a painter deaf to edges shows all objects and flips nothing', async () => {
    const { scores } = await judged(deafToEdges);
    expect(scores.oor.value).toBe(1);
    expect(scores.relationAccuracy.value).toBeGreaterThan(0.25);
    expect(scores.relationAccuracy.value).toBeLessThan(0.75);
    expect(scores.edgeFlip.value).toBe(0);
    expect(scores.edgeFlip.reversed).toBe(0);
    expect(scores.edgeFlip.single).toBe(0.5); // the same picture obeys exactly one of two opposites
    expect(scores.isolation.value).toBe(1);
  });

  it('a blank canvas scores nothing anywhere but in what changes', async () => {
    const { scores } = await judged(blank);
    expect(scores.oor.value).toBe(0);
    expect(scores.relationAccuracy).toMatchObject({ value: 0, whenFound: null });
    expect(scores.edgeFlip.value).toBe(0);
    expect(scores.ds.value).toBe(0);
    expect(scores.is.value).toBeCloseTo(1, 12);
    expect(scores.isolation.value).toBe(1);
  });

  it('puts failures where they belong in bars and confusion', async () => {
    const { scores } = await judged(deafToEdges);
    const { confusion, perPredicate } = scores.relationAccuracy;
    for (const [p, predicate] of predicates.entries()) {
      expect(confusion.shares[p]!.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      expect(confusion.shares[p]![p]).toBeCloseTo(perPredicate[predicate]!.value!, 12);
    }
    expect(Object.values(scores.oor.perLabel).reduce((sum, { n }) => sum + n, 0)).toBe(120);
  });

  it('scores held-out triples by themselves', async () => {
    const base = paintJobs(plan, 500, settings).base.map(obedient);
    const isHeldOut = ({ subject, predicate }: { subject: string; predicate: string }) =>
      subject === 'red' && predicate === 'above';
    const { scores } = await evaluate({
      plan: { graphs, pairs: [], diverse: [] },
      pictures: { base, after: [], samples: [] },
      judge,
      predicates,
      distance: pyramidDistance,
      space,
      reference: undefined,
      seed: 3,
      isHeldOut,
    });
    const asked = graphs.filter(
      ({ graph }) => graph.objects[0]!.label === 'red' && graph.relations[0]!.predicate === 'above',
    );
    expect(asked.length).toBeGreaterThan(0);
    expect(scores.relationAccuracy.zeroShot).toEqual({ value: 1, ceiling: 1, n: asked.length });
  });

  it('says the same for the same seed, and the interval holds the value', async () => {
    const [first, second] = [await judged(deafToEdges), await judged(deafToEdges)];
    expect(first.scores).toEqual(second.scores);
    const { value, interval } = first.scores.relationAccuracy;
    expect(interval![0]).toBeLessThan(value!);
    expect(interval![1]).toBeGreaterThan(value!);
  });

  it('the diversity of real pictures of the same graphs is the ceiling of DS; the graphs that have some are painted', async () => {
    const twinned = graphs.map((test, i) => {
      const twin = obedient({ graph: test.graph, settings: { ...settings, style: 'any', seed: i + 9000 } });
      return i % 2 === 1 ? { ...test, twins: [twin] } : test;
    });
    const mine = planEvaluation(twinned, { world, seed: 3, pairsPerKind: 1, diverseGraphs: 4 });
    expect(mine.diverse).toEqual([1, 3, 5, 7]);
    const scored = async (painter: Painter, of: typeof plan) => {
      const jobs = paintJobs(of, 500, settings);
      const pictures = {
        base: jobs.base.map(painter),
        after: [],
        samples: jobs.samples.map((some) => some.map(painter)),
      };
      const input = { judge, predicates, distance: pyramidDistance, space, reference: undefined, seed: 3 };
      return (await evaluate({ plan: { ...of, pairs: [] }, pictures, ...input })).scores.ds;
    };
    const { value, ceiling } = await scored(obedient, mine);
    expect(ceiling).toBeGreaterThan(0);
    expect(value! / ceiling!).toBeGreaterThan(0.5);
    expect(await scored(blank, mine)).toMatchObject({ value: 0, ceiling });
    expect((await scored(obedient, plan)).ceiling, 'no twins').toBeNull();
  });

  it('graphs without pictures have no ceilings, and the reason is given', async () => {
    const bare = graphs.map(({ graph, style }) => ({ graph, style }));
    const base = paintJobs(plan, 500, settings).base.map(obedient);
    const { scores } = await evaluate({
      plan: { graphs: bare, pairs: [], diverse: [] },
      pictures: { base, after: [], samples: [] },
      judge,
      predicates,
      distance: pyramidDistance,
      space,
      reference: undefined,
      seed: 3,
      reason: 'the graphs come from a file',
    });
    expect(scores.oor).toMatchObject({ value: 1, ceiling: null, reason: 'the graphs come from a file' });
    expect(scores.edgeFlip).toMatchObject({ value: null, ceiling: null, floor: null, n: 0 });
    expect(scores.fd).toMatchObject({ value: null, reason: 'the graphs come from a file' });
    expect(scores.ds.value).toBeNull();
  });
});

describe('paintJobs', () => {
  const jobs = paintJobs(plan, 500, settings);

  it('gives a changed graph the seed and style of its original', () => {
    for (const [i, pair] of plan.pairs.entries()) {
      expect(jobs.after[i]!.settings).toEqual(jobs.base[pair.graphIndex]!.settings);
      expect(jobs.after[i]!.graph).toBe(pair.after);
    }
  });

  it('paints five samples of a diverse graph, the first of which is the base picture, all seeds different', () => {
    expect(jobs.samples).toHaveLength(5);
    expect(jobs.samples[2]![0]).toEqual(jobs.base[2]);
    const seeds = [...jobs.base.slice(5), ...jobs.samples.flat()].map((job) => job.settings.seed);
    expect(new Set(seeds).size).toBe(seeds.length);
  });
});

describe('shuffledPlaces', () => {
  it('leaves nobody in place, and does not exist for one', () => {
    for (let seed = 0; seed < 20; seed++) {
      const places = shuffledPlaces(5, seededRandom(seed))!;
      expect([...places].sort()).toEqual([0, 1, 2, 3, 4]);
      expect(places.some((place, i) => place === i)).toBe(false);
    }
    expect(shuffledPlaces(1, seededRandom(0))).toBeUndefined();
  });
});
