import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import { decodePicture } from './picture.ts';
import { type PaintModel, type PaintSettings, type PaintStep, paint } from './pipeline.ts';
import { seededNoise } from './sampling/noise.ts';
import { sigmaSchedule } from './sampling/schedule.ts';
import { createSmallNetworks, letterEmbedding } from './small-networks.fixture.ts';
import { buildGraphTokens, TokenError, tokenGraphOf } from './tokens.ts';

const predicates = ['on', 'left of', 'above'];
const networks = createSmallNetworks({ words: 5, predicates: 3, styles: 2, channels: 2 });
const model: PaintModel = {
  vocabulary: { objects: ['dog', 'cat', 'tree'], predicates, attributes: ['brown', 'white'] },
  styles: ['noto', 'flat'],
  embedding: letterEmbedding(5),
  parametrisation: 'edm',
  sigma: { min: 0.02, max: 10, data: 0.5 },
  latent: { channels: 2, height: 3, width: 4 },
};
const settings: PaintSettings = { seed: 7, steps: 3, guidanceScale: 3, sampler: 'dpmpp-2m', style: 'noto' };
const spec = { predicates, styles: model.styles, embedding: model.embedding };

const graph: SceneGraph = {
  ...EMPTY_SCENE_GRAPH,
  objects: [
    { id: 'a', label: 'dog', attributes: ['brown'], position: { x: 0, y: 0 } },
    { id: 'b', label: 'tree', attributes: [], position: { x: 100, y: 0 } },
  ],
  relations: [{ id: 'r', subject: 'a', predicate: 'left of', object: 'b' }],
};

/** A graph, and the same graph drawn otherwise: moved, renamed, objects and relations in another order. */
const redrawn: fc.Arbitrary<readonly [SceneGraph, SceneGraph]> = fc.integer({ min: 1, max: 5 }).chain((n) => {
  const coordinate = fc.integer({ min: -500, max: 500 });
  const position = fc.record({ x: coordinate, y: coordinate });
  const object = fc.record({
    label: fc.constantFrom('dog', 'cat', 'tree'),
    attributes: fc.subarray(['brown', 'white']),
    position,
    moved: position,
  });
  const relation = fc.record({
    subject: fc.nat(n - 1),
    predicate: fc.constantFrom(...predicates),
    object: fc.nat(n - 1),
  });
  return fc.array(relation, { maxLength: 6 }).chain((relations) =>
    fc
      .tuple(
        fc.array(object, { minLength: n, maxLength: n }),
        fc.shuffledSubarray([...Array(n).keys()], { minLength: n }),
        fc.shuffledSubarray([...relations.keys()], { minLength: relations.length }),
      )
      .map(([objects, objectOrder, relationOrder]) => {
        const drawn = objects.map(({ moved: _, ...object }, i) => ({ id: `o${i}`, ...object }));
        const linked = relations.map((r, i) => ({
          id: `r${i}`,
          ...r,
          subject: `o${r.subject}`,
          object: `o${r.object}`,
        }));
        const again = objectOrder.map((i) => {
          const { moved, label, attributes } = objects[i]!;
          return { id: `node-${99 - i}`, label, attributes: [...attributes].reverse(), position: moved };
        });
        const relinked = relationOrder.map((i) => {
          const r = relations[i]!;
          return { id: `edge-${99 - i}`, ...r, subject: `node-${99 - r.subject}`, object: `node-${99 - r.object}` };
        });
        return [
          { ...EMPTY_SCENE_GRAPH, objects: drawn, relations: linked },
          { ...EMPTY_SCENE_GRAPH, objects: again, relations: relinked },
        ] as const;
      }),
  );
});

describe('what the drawing cannot change', () => {
  it('S_cond and the bytes of the picture are the same for a graph drawn otherwise', async () => {
    await fc.assert(
      fc.asyncProperty(redrawn, async ([one, other]) => {
        const encode = (g: SceneGraph) => networks.encodeGraph(buildGraphTokens([tokenGraphOf(g, 'noto')], spec));
        expect((await encode(other)).sCond).toEqual((await encode(one)).sCond);
        const [first, second] = [
          await paint(networks, model, one, settings),
          await paint(networks, model, other, settings),
        ];
        expect(second.picture).toEqual(first.picture);
        expect(second.latent).toEqual(first.latent);
      }),
      { numRuns: 60 },
    );
  });

  it('S_cond is the same set of tokens without any canonical order', async () => {
    const rowsOf = async (g: SceneGraph): Promise<number[][]> => {
      const index = new Map(g.objects.map((object, i) => [object.id, i]));
      const relations = g.relations.map((r) => ({
        ...r,
        subject: index.get(r.subject)!,
        object: index.get(r.object)!,
      }));
      const tokens = buildGraphTokens([{ objects: g.objects, relations, style: 'noto' }], spec);
      const { sCond } = await networks.encodeGraph(tokens);
      const [, S = 0, D = 0] = sCond.dims;
      return Array.from({ length: S }, (_, s) => [...sCond.data.subarray(s * D, (s + 1) * D)]);
    };
    const isClose = (a: number[], b: number[]) => a.every((value, i) => Math.abs(value - b[i]!) < 1e-5);
    await fc.assert(
      fc.asyncProperty(redrawn, async ([one, other]) => {
        const left = await rowsOf(other);
        for (const row of await rowsOf(one)) {
          const match = left.findIndex((candidate) => isClose(row, candidate));
          expect(match).toBeGreaterThanOrEqual(0);
          left.splice(match, 1);
        }
        expect(left).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('attention follows its node and edge through renaming and reordering', async () => {
    const [dog, tree] = graph.objects as readonly [(typeof graph.objects)[0], (typeof graph.objects)[0]];
    const other: SceneGraph = {
      ...graph,
      objects: [
        { ...tree, id: 'T' },
        { ...dog, id: 'D' },
      ],
      relations: [{ id: 'E', subject: 'D', predicate: 'left of', object: 'T' }],
    };
    const first = (await paint(networks, model, graph, settings)).attention;
    const second = (await paint(networks, model, other, settings)).attention;
    expect(second.objects).toEqual({ D: first.objects.a, T: first.objects.b });
    expect(second.relations).toEqual({ E: first.relations.r });
    expect(first.objects.a).not.toEqual(first.objects.b);
  });
});

describe('what must change the picture', () => {
  const flipped: SceneGraph = { ...graph, relations: [{ ...graph.relations[0]!, subject: 'b', object: 'a' }] };
  it.each([
    ['the seed', graph, { ...settings, seed: 8 }],
    ['the style', graph, { ...settings, style: 'any' }],
    ['the direction of an edge', flipped, settings],
    ['its predicate', { ...graph, relations: [{ ...graph.relations[0]!, predicate: 'above' }] }, settings],
    ['no edge at all', { ...graph, relations: [] }, settings],
    ['an attribute', { ...graph, objects: [{ ...graph.objects[0]!, attributes: [] }, graph.objects[1]!] }, settings],
    ['guidance', graph, { ...settings, guidanceScale: 1 }],
    ['the schedule', graph, { ...settings, schedule: 'flow' as const }],
    ['the sampler', graph, { ...settings, sampler: 'heun' as const }],
  ])('%s', async (_, changed, changedSettings) => {
    const before = await paint(networks, model, graph, settings);
    expect((await paint(networks, model, changed, changedSettings)).latent.data).not.toEqual(before.latent.data);
  });
});

it('a model that was trained without attributes paints as if a graph had none', async () => {
  const deaf = { ...model, vocabulary: { ...model.vocabulary, attributes: [] } };
  const bare = { ...graph, objects: graph.objects.map((object) => ({ ...object, attributes: [] })) };
  const strange = {
    ...graph,
    objects: graph.objects.map((object) => ({ ...object, attributes: ['a word that no vectors know'] })),
  };
  const expected = (await paint(networks, deaf, bare, settings)).latent.data;
  expect((await paint(networks, deaf, graph, settings)).latent.data).toEqual(expected);
  expect((await paint(networks, deaf, strange, settings)).latent.data).toEqual(expected);
});

describe('paint', () => {
  it('gives an opaque RGBA picture and one map per node and edge', async () => {
    const { picture, attention, latent } = await paint(networks, model, graph, settings);
    expect([picture.width, picture.height, picture.pixels.length]).toEqual([8, 6, 8 * 6 * 4]);
    expect(picture.pixels.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
    expect(latent.dims).toEqual([1, 2, 3, 4]);
    expect([attention.width, attention.height]).toEqual([4, 3]);
    expect(Object.keys(attention.objects).sort()).toEqual(['a', 'b']);
    for (const map of [...Object.values(attention.objects), ...Object.values(attention.relations)]) {
      expect(map).toHaveLength(12);
      expect(Math.max(...map)).toBe(1);
      expect(Math.min(...map)).toBeGreaterThanOrEqual(0);
    }
  });

  it('reports each step with a latent that decodes, the last one to the picture itself', async () => {
    const steps: PaintStep[] = [];
    const { picture } = await paint(networks, model, graph, settings, { onStep: (step) => void steps.push(step) });
    expect(steps.map((step) => [step.index, step.steps])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ]);
    expect(await decodePicture(networks, steps[2]!.denoised)).toEqual(picture);
    expect(await decodePicture(networks, steps[0]!.denoised)).not.toEqual(picture);
  });

  it('stops between steps when asked', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const onStep = ({ index }: PaintStep) => {
      seen.push(index);
      if (index === 1) controller.abort();
    };
    const run = paint(networks, model, graph, settings, { onStep, signal: controller.signal });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toEqual([0, 1]);
  });

  it('paints over a given latent as far as it is told to', async () => {
    const { latent } = await paint(networks, model, graph, settings);
    const over = async (strength: number) => {
      const painting = await paint(networks, model, graph, {
        ...settings,
        steps: 10,
        seed: 9,
        initial: { latent, strength },
      });
      return painting.latent.data.reduce((sum, value, i) => sum + Math.abs(value - latent.data[i]!), 0);
    };
    expect(await over(0)).toBe(0);
    expect(await over(0.2)).toBeGreaterThan(0);
    expect(await over(0.2)).toBeLessThan(await over(1));
  });

  it('has a student paint in its own passes, with no guidance but its own, whatever steps and guidance are asked for', async () => {
    const sigmas = [10, 0.8];
    const asked: number[] = [];
    const denoise = (input: Parameters<typeof networks.denoise>[0]) => {
      asked.push(input.sample.dims[0]!);
      return networks.denoise(input);
    };
    const taught = {
      ...networks,
      denoise: () => Promise.reject(new Error('the student was asked')),
      student: denoise,
    };
    const seen: number[] = [];
    const onStep = ({ sigma }: PaintStep) => void seen.push(sigma);
    const wish = { ...settings, steps: 9, relationFactor: 2, sampler: 'student' } as const;
    const { latent } = await paint(taught, { ...model, student: { sigmas } }, graph, wish, { onStep });
    expect(seen).toEqual(sigmas);
    expect(asked).toEqual([1, 1]);
    // Fresh noise of the seed between the two: the draws that follow the start's.
    const size = latent.data.length;
    const draws = seededNoise(settings.seed).normals(2 * size);
    const redrawn = (fresh: Float32Array) => {
      const normals = [draws.slice(0, size), fresh];
      const noise = { ...seededNoise(0), normals: () => Float32Array.from(normals.shift()!) };
      return paint(taught, { ...model, student: { sigmas } }, graph, { ...wish, noise });
    };
    asked.length = 0;
    const led = { ...model, student: { sigmas, relationScale: 3 } };
    expect((await paint(taught, led, graph, wish)).latent).not.toEqual(latent);
    expect(asked).toEqual([2, 1]);
    expect((await redrawn(draws.slice(size))).latent).toEqual(latent);
    expect((await redrawn(new Float32Array(size))).latent).not.toEqual(latent);
    const other = await paint(taught, { ...model, student: { sigmas } }, graph, {
      ...wish,
      steps: 2,
      guidanceScale: 0,
    });
    expect(other.latent).toEqual(latent);
    await expect(paint(networks, model, graph, wish)).rejects.toThrow('this model has no student');
  });

  it('paints without any relation, and refuses words it does not know', async () => {
    const { attention } = await paint(networks, model, { ...graph, relations: [] }, settings);
    expect(attention.relations).toEqual({});
    const unknown = { ...graph, relations: [{ ...graph.relations[0]!, predicate: 'near' }] };
    await expect(paint(networks, model, unknown, settings)).rejects.toThrow(TokenError);
  });
});

describe('paint with a region', () => {
  const grid = { height: 8, width: 10 };
  const area = grid.height * grid.width;
  const wide: PaintModel = { ...model, latent: { channels: 2, ...grid } };
  // Drawn in another order than the tokens have, which is by label.
  const scene: SceneGraph = {
    ...EMPTY_SCENE_GRAPH,
    objects: ['tree', 'dog', 'cat'].map((label) => ({ id: label, label, attributes: [], position: { x: 0, y: 0 } })),
    relations: [
      { id: 'r1', subject: 'tree', predicate: 'above', object: 'dog' },
      { id: 'r2', subject: 'cat', predicate: 'on', object: 'tree' },
      { id: 'r3', subject: 'dog', predicate: 'left of', object: 'cat' },
    ],
  };
  const size = 2 * area;
  const earlier = seededNoise(21).normals(size);
  const [seed, steps, guidanceScale] = [5, 6, 2.5];
  /** Untrained attention lies nearly everywhere alike. */
  const sharp: typeof networks = {
    ...networks,
    async denoise(input) {
      const { prediction, attention } = await networks.denoise(input);
      return { prediction, attention: { ...attention!, data: attention!.data.map((weight) => (10 * weight) ** 24) } };
    },
  };

  interface Region {
    readonly before: Float32Array;
    readonly objects: readonly string[];
  }

  /** Everything at high noise, then where a map is at a fifth of its maximum or above. */
  function freedom(sigma: number, before: Float32Array, maps: readonly (readonly number[])[]): number[] {
    if (sigma > 3 * 0.5) return new Array<number>(area).fill(1);
    return Array.from(before, (value, i) => {
      const there = maps.some((map) => Math.max(...map) > 0 && map[i]! >= Math.max(...map) / 5);
      return value >= 0.2 || there ? 1 : 0;
    });
  }

  /** RePaint in Euler's steps with guidance, from the formulas: in double precision, one branch and one number at a time. */
  async function reference({ before, objects }: Region, strength: number) {
    const order = ['cat', 'dog', 'tree'];
    const traced = tokenGraphOf(scene, 'noto');
    expect(traced.objectIds).toEqual(order);
    const conditioning = await networks.encodeGraph(buildGraphTokens([traced], spec));
    // G_global is token 0, then three objects.
    const driven = objects.map((id) => 1 + order.indexOf(id));
    const noise = [...seededNoise(seed).normals(size)];
    const sigmas = sigmaSchedule('karras', steps, wide.sigma).slice(strength === 1 ? 0 : 2); // 0.7 of 6 steps are 4
    const nothing = new Float32Array(conditioning.mask.data.length);
    const told = async (input: readonly number[], sigma: number, mask: Float32Array) =>
      sharp.denoise({
        sample: { data: Float32Array.from(input), dims: [1, 2, grid.height, grid.width] },
        timestep: { data: Float32Array.of(Math.log(sigma) / 4), dims: [1] },
        sCond: conditioning.sCond,
        mask: { data: mask, dims: conditioning.mask.dims },
      });

    let x = noise.map((z, i) => (strength === 1 ? 0 : earlier[i]!) + sigmas[0]! * z);
    let free: number[] = [];
    let paid: number[][] = driven.map(() => new Array<number>(area).fill(0));
    for (const [step, sigma] of sigmas.slice(0, -1).entries()) {
      free = freedom(sigma, before, paid);
      const kept = (painted: number, i: number, rest: number) =>
        free[i % area]! * painted + (1 - free[i % area]!) * rest;
      const seen = x.map((value, i) => kept(value, i, earlier[i]! + sigma * noise[i]!));
      const norm = Math.hypot(sigma, 0.5);
      const input = seen.map((value) => value / norm);
      const graphs = await told(input, sigma, conditioning.mask.data);
      const without = (await told(input, sigma, nothing)).prediction.data;
      const denoised = seen.map((value, i) => {
        const guided = without[i]! + guidanceScale * (graphs.prediction.data[i]! - without[i]!);
        return kept((0.5 / norm) ** 2 * value + ((sigma * 0.5) / norm) * guided, i, earlier[i]!);
      });
      paid = driven.map((token) => [...graphs.attention.data.slice(token * area, (token + 1) * area)]);
      const to = sigmas[step + 1]!;
      x = x.map((value, i) => value + ((to - sigma) * (value - denoised[i]!)) / sigma);
    }
    return { latent: x, kept: free.map((value) => value === 0) };
  }

  const nowhere = new Float32Array(area);
  const corner = nowhere.map((_, i) => (i < 2 ? 1 : 0));
  const cases: readonly (readonly [string, number, Region])[] = [
    ['an object', 0.7, { before: nowhere, objects: ['dog'] }],
    ['another object', 0.7, { before: nowhere, objects: ['tree'] }],
    ['from pure noise', 1, { before: nowhere, objects: ['dog'] }],
    ['an object, and a place of the earlier picture', 0.7, { before: corner, objects: ['cat'] }],
    ['a place of the earlier picture alone', 0.7, { before: corner, objects: [] }],
    ['ids that the graph has lost', 0.7, { before: corner, objects: ['gone'] }],
  ];
  it.each(cases)('is RePaint by the formulas: %s', async (_, strength, region) => {
    const initial = { latent: { data: earlier, dims: [1, 2, grid.height, grid.width] }, strength, region };
    const asked: PaintSettings = { seed, steps, guidanceScale, sampler: 'euler', style: 'noto', initial };
    const { latent, picture } = await paint(sharp, wide, scene, asked);
    const objects = region.objects.filter((id) => id !== 'gone');
    const expected = await reference({ before: region.before, objects }, strength);
    for (const [i, value] of latent.data.entries()) {
      if (expected.kept[i % area]) expect(value).toBe(earlier[i]);
      else expect(Math.abs(value - expected.latent[i]!)).toBeLessThan(1e-4);
    }
    expect(picture).toEqual(await decodePicture(networks, latent));
    // Or the case would show nothing.
    expect(new Set(expected.kept).size, 'something is kept and something is painted').toBe(2);
  });
});
