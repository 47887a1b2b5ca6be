/**
 * The model that ships, at the papers' settings, which are far from its own, ends in a picture. By LMS, which the papers take and which amplifies
 * most; the long form by every sampler, a minute of processor time a graph: SGRAFFITO_GRAPHS=1000 npx vitest run src/training/evaluation/painting/finite-pictures.test.ts
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generalSamplerNames } from '#diffusion/sampling/sampler-names.ts';
import type { Manifest } from '#engine/contract/manifest.ts';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { documentOf } from '#graph/indexed-graph.ts';
import { type RandomSource, seededRandom } from '#graph/random.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { openEvaluationModel, type PicturebookModel } from './evaluation-model.ts';
import type { PaintJob } from './paint-many.ts';

const GRAPHS = Number(process.env.SGRAFFITO_GRAPHS ?? 1);
const samplers = GRAPHS > 1 ? generalSamplerNames : (['lms'] as const);
const patience = { timeout: 120_000 + GRAPHS * 600_000 };

let model: PicturebookModel;
beforeAll(async () => {
  model = (await openEvaluationModel('public/models/picturebook')) as PicturebookModel;
}, 60_000);
afterAll(() => model.release());

const known = graphOf(
  ['man', 'horse', 'weed'],
  [
    [0, 'riding', 1],
    [1, 'standing on', 2],
  ],
);

/** Any words of the model in any relation, up to a third of what it takes at most: such as nobody would draw. */
function randomGraph({ vocabulary, limits }: Manifest, random: RandomSource): SceneGraph {
  const pick = (words: readonly string[]) => words[random.integer(words.length)]!;
  const objects = Array.from({ length: 1 + random.integer(limits.objects / 3) }, () => ({
    label: pick(vocabulary.objects),
    attributes: random.integer(3) === 0 ? [pick(vocabulary.attributes)] : [],
  }));
  const place = () => random.integer(objects.length);
  const relations = Array.from({ length: random.integer(limits.relations / 3) }, () => ({
    subject: place(),
    predicate: pick(vocabulary.predicates),
    object: place(),
  }));
  return documentOf({ objects, relations: relations.filter(({ subject, object }) => subject !== object) });
}

const jobsOf = (graph: SceneGraph, seed: number): PaintJob[] =>
  samplers.map((sampler) => ({
    graph,
    settings: { ...model.manifest.defaults, seed, steps: 100, guidanceScale: 7.5, sampler },
  }));

it('a graph that Heun’s method in two steps overshoots with', patience, async () => {
  const graph = graphOf(
    ['sun', 'toothbrush', 'flag'],
    [
      [1, 'has', 0],
      [2, 'for', 1],
      [2, 'carrying', 0],
    ],
  );
  const settings = { ...model.manifest.defaults, seed: 30, steps: 2, sampler: 'heun' } as const;
  const [picture] = await model.paintMany([{ graph, settings }]);
  expect(new Set(picture!.pixels).size).toBeGreaterThan(16);
});

it(`${GRAPHS} graphs by ${samplers.join(', ')} in 100 steps with guidance 7.5`, patience, async () => {
  for (let seed = 1; seed <= GRAPHS; seed++) {
    const graph = seed === 1 ? known : randomGraph(model.manifest, seededRandom(seed));
    const jobs = jobsOf(graph, seed);
    // A number that is not finite ends the painting.
    const pictures = await model.paintMany(jobs).catch((error: Error) => {
      throw new Error(`seed ${seed}: ${error.message}: ${JSON.stringify(graph)}`);
    });
    for (const [i, { pixels }] of pictures.entries())
      expect(new Set(pixels).size, `seed ${seed}, ${samplers[i]}`).toBeGreaterThan(16);
  }
});
