/** Graphs that are read back from pictures, against the graphs that the pictures are of. */
import { expect, test } from 'vitest';
import type { Picture } from '#diffusion/picture.ts';
import { loadAnyPackage } from '#engine/any-package.ts';
import { Engine } from '#engine/engine.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { nodeRuntimeOf } from '#engine/runtime/ort-node.ts';
import { bindDetections } from '#engine/verifier/bind-detections.ts';
import { oppositePredicate } from '#graph/perturb.ts';
import { geometricPredicates } from '#graph/places/geometry.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { SceneStream } from '#training/corpus/sample/stream.ts';
import { meaningsOf } from '#training/corpus/world/phrases.ts';
import { testGraphOf, thingRange, wordsOf } from './test-graphs.ts';

/** Real pictures of the corpus in every run; the guide's numbers, and those of painted ones, come from SGRAFFITO_PICTURES=200. */
const PICTURES = Number(process.env.SGRAFFITO_PICTURES ?? 30);
const FOLDER = 'public/models/picturebook';
const isGeometric = (predicate: string) => (geometricPredicates as readonly string[]).includes(predicate);

/** What a graph says of two of its objects, and what follows from it. */
function saysOf(graph: SceneGraph, isOf: (id: string, kind: 'ground' | 'backdrop') => boolean) {
  const said = new Set(graph.relations.map(({ subject, predicate, object }) => `${subject} ${predicate} ${object}`));
  const ids = graph.objects.map(({ id }) => id);
  // What rests on the ground is below the sky.
  for (const { subject, predicate, object } of graph.relations) {
    if (isGeometric(predicate) || !isOf(object, 'ground')) continue;
    for (const id of ids) if (isOf(id, 'backdrop')) said.add(`${id} above ${subject}`);
  }
  for (const middle of ids)
    for (const predicate of geometricPredicates)
      for (const from of ids)
        for (const to of ids)
          if (said.has(`${from} ${predicate} ${middle}`) && said.has(`${middle} ${predicate} ${to}`))
            said.add(`${from} ${predicate} ${to}`);
  return (subject: string, predicate: string, object: string) =>
    said.has(`${subject} ${predicate} ${object}`) ||
    said.has(`${object} ${oppositePredicate(predicate, geometricPredicates)} ${subject}`);
}

/** A man is a person, too. */
const mayBe = (label: string, other: string): boolean =>
  label === other || meaningsOf(label).some((drawn) => meaningsOf(other).includes(drawn));

/** Each label in the words of the graph, where one of its labels may mean the same and is not taken yet. */
function inWordsOf(labels: readonly string[], read: readonly string[]): readonly string[] {
  const free = [...labels];
  const take = (isIt: (label: string) => boolean): string | undefined => {
    const at = free.findIndex(isIt);
    return at < 0 ? undefined : free.splice(at, 1)[0];
  };
  const exact = read.map((label) => take((each) => each === label));
  return read.map((label, i) => exact[i] ?? take((each) => mayBe(label, each)) ?? label);
}

test('a picture without its recipe is read back into a graph', { timeout: 20_000 * PICTURES }, async () => {
  const modelPackage = await loadAnyPackage(folderSource(FOLDER), { title: 'Picturebook' });
  if (modelPackage.kind !== 'picturebook') throw new Error(`${FOLDER} is no picturebook`);
  const { manifest } = modelPackage;
  const engine = await Engine.open(modelPackage, nodeRuntimeOf(1));
  const options = { split: 'test', size: manifest.image.width, grid: manifest.verifier.grid, start: 0 } as const;
  const stream = new SceneStream({ ...options, things: thingRange(manifest), words: wordsOf(manifest) });
  const tests = Array.from({ length: PICTURES }, () => testGraphOf(stream.next()));

  const sharesOf = async (pictureOf: (test: (typeof tests)[number], i: number) => Promise<Picture>) => {
    const count = { objects: 0, found: 0, read: 0, right: 0, relations: 0, held: 0 };
    for (const [i, each] of tests.entries()) {
      const read = await engine.readPicture(await pictureOf(each, i));
      const labelOf = (id: string) => read.objects.find((object) => object.id === id)!.label;
      const says = saysOf(read, (id, kind) => manifest.kinds[labelOf(id)] === kind);
      const { objects, relations } = each.graph;
      const indexOf = new Map(objects.map(({ id }, index) => [id, index]));
      const wanted = {
        objects,
        relations: relations.map(({ subject, predicate, object }) => ({
          subject: indexOf.get(subject)!,
          predicate,
          object: indexOf.get(object)!,
        })),
      };
      const names = inWordsOf(
        objects.map(({ label }) => label),
        read.objects.map(({ label }) => label),
      );
      const seen = read.objects.map(({ id }, index) => ({ id, label: names[index]!, score: 1 }));
      const bound = bindDetections(wanted, seen, (predicate, s, o) => says(s.id, predicate, o.id));
      count.objects += objects.length;
      count.found += bound.filter(Boolean).length;
      const isThere = (label: string) => each.scene!.objects.some((object) => mayBe(label, object.label));
      count.read += seen.length;
      count.right += read.objects.filter(({ label }) => isThere(label)).length;
      for (const { subject, predicate, object } of wanted.relations.filter((relation) =>
        isGeometric(relation.predicate),
      )) {
        const [s, o] = [bound[subject], bound[object]];
        count.relations += 1;
        count.held += Number(s !== undefined && o !== undefined && says(s.id, predicate, o.id));
      }
    }
    const { objects, found, read, right, relations, held } = count;
    return { objects: found / objects, relations: held / relations, right: right / read, count };
  };

  const real = await sharesOf(async (each) => each.real!);
  if (process.env.SGRAFFITO_PICTURES) {
    const painted = await sharesOf(async ({ graph, style }, seed) => {
      const { picture } = await engine.generate(graph, { ...manifest.defaults, style, seed });
      return picture;
    });
    console.log(JSON.stringify({ pictures: PICTURES, real, painted }));
  }
  await engine.release();
  // Of 37 relations one more or less is 3 %.
  const slack = PICTURES < 200 ? 0.1 : 0;
  expect(real.objects).toBeGreaterThanOrEqual(0.9 - slack);
  expect(real.relations).toBeGreaterThanOrEqual(0.85 - slack);
  expect(real.right).toBeGreaterThanOrEqual(0.85 - slack);
});
