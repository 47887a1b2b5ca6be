import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { seededRandom } from '#graph/random.ts';
import { composeScene } from '#training/corpus/compose/compose.ts';
import { isHeldOut } from '#training/corpus/world/held-out.ts';
import { meaningsOf, wordsFor } from '#training/corpus/world/phrases.ts';
import { isThing } from '#training/corpus/world/scene.ts';
import { grounds } from '#training/corpus/world/setting.ts';
import { thingOf, things } from '#training/corpus/world/things.ts';
import {
  inversePredicate,
  kindsOfRelation,
  type Predicate,
  predicates,
  relationKindOf,
  relationKinds,
} from '#training/corpus/world/world.ts';
import { worldVocabulary } from '#training/corpus/world/world-vocabulary.ts';
import { isHeldOutIn, sampleSceneGraph } from './sample-graph.ts';

// Every file draws the sprites that it needs once.
vi.setConfig({ testTimeout: 60_000 });

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const draw = (seed: number, heldOut = false) => {
  const random = seededRandom(seed);
  const scene = composeScene(random, { things: { min: 1, max: 4 } });
  return { scene, sample: sampleSceneGraph(scene, random, { heldOut }) };
};

describe('a sampled graph', () => {
  it('lists every thing, at most 8 objects and 12 relations, and only what is true of the scene', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { scene, sample } = draw(seed);
        const listed = sample.objects.map(({ sceneIndex }) => sceneIndex);
        scene.objects.forEach((object, index) => {
          if (!object.isGround && object.partOf === undefined) expect(listed).toContain(index);
        });
        expect(sample.objects.length).toBeLessThanOrEqual(8);
        expect(sample.relations.length).toBeLessThanOrEqual(12);
        for (const { subject, predicate, object } of sample.relations) {
          const inScene = { subject: listed[subject], object: listed[object] };
          const label = (index: number | undefined) => scene.objects[index as number]!.label;
          const holds = scene.relations.some(
            (r) =>
              r.subject === inScene.subject &&
              r.object === inScene.object &&
              wordsFor(r.predicate as Predicate, label(r.subject), label(r.object)).includes(predicate),
          );
          expect(holds).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('leaves no ground unsaid that a thing does not belong on, where that is asked for, and others more often', () => {
    const unsaid = { asked: 0, unasked: 0, suiting: 0, suitingAsked: 0 };
    for (let seed = 0; seed < 300; seed++) {
      const random = seededRandom(seed);
      const scene = composeScene(random, { things: { min: 1, max: 4 }, evenly: 1 });
      const at = scene.objects.findIndex(({ label }) => grounds.some((ground) => ground === label));
      const isOdd = scene.objects.some(
        (object) =>
          isThing(object) && !thingOf(object.label).places.some((place) => place === scene.objects[at]?.label),
      );
      const leavesOut = (saysOddGround: boolean) =>
        sampleSceneGraph(scene, seededRandom(seed), { saysOddGround }).objects.every(
          ({ sceneIndex }) => sceneIndex !== at,
        );
      if (isOdd && leavesOut(true)) unsaid.asked++;
      if (isOdd && leavesOut(false)) unsaid.unasked++;
      if (!isOdd && leavesOut(true)) unsaid.suitingAsked++;
      if (!isOdd && leavesOut(false)) unsaid.suiting++;
    }
    expect(unsaid.asked).toBe(0);
    expect(unsaid.unasked).toBeGreaterThan(30);
    expect(unsaid.suitingAsked).toBeGreaterThan(1.3 * unsaid.suiting);
  });

  it('says whatever nobody would guess, in about a seventh of the scenes, unless it is held out', () => {
    let scenes = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { scene, sample } = draw(seed, true);
      const unlikely = scene.relations.filter((relation) => relation.unlikely);
      if (unlikely.length > 0) scenes++;
      const said = sample.relations.map(({ subject, object }) => [
        sample.objects[subject]!.sceneIndex,
        sample.objects[object]!.sceneIndex,
      ]);
      for (const { subject, object } of unlikely) {
        expect(said.some((pair) => pair.includes(subject) && pair.includes(object))).toBe(true);
      }
    }
    expect(scenes / 400).toBeGreaterThan(0.08);
    expect(scenes / 400).toBeLessThan(0.25);
  });

  it('never says a relation and its mirror image', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { relations } = draw(seed).sample;
        for (const { subject, predicate, object } of relations) {
          const kind = relationKindOf(predicate);
          const inverse = kind && inversePredicate[kind];
          for (const word of inverse ? relationKinds[inverse] : [])
            expect(relations).not.toContainEqual({ subject: object, predicate: word, object: subject });
        }
      }),
      { numRuns: 100 },
    );
  });

  it('asks for nothing that is held out, except for the test split', () => {
    const counts = { train: 0, test: 0 };
    for (let seed = 0; seed < 500; seed++) {
      for (const split of ['train', 'test'] as const) {
        const { scene, sample } = draw(seed, split === 'test');
        const inScene = sample.relations.map(({ subject, predicate, object }) => ({
          subject: sample.objects[subject]!.sceneIndex,
          predicate,
          object: sample.objects[object]!.sceneIndex,
        }));
        counts[split] += inScene.filter((relation) => isHeldOutIn(scene, relation)).length;
      }
    }
    expect(counts.train).toBe(0);
    expect(counts.test).toBeGreaterThan(5);
  });

  it('is sometimes empty of relations, sometimes dense, and asks for every predicate', () => {
    const samples = Array.from({ length: 800 }, (_, seed) => draw(seed).sample);
    const sizes = samples.map(({ relations }) => relations.length);
    expect(Math.min(...sizes)).toBe(0);
    expect(Math.max(...sizes)).toBeGreaterThanOrEqual(6);
    const asked = samples.flatMap(({ relations }) => relations.map(({ predicate }) => predicate));
    for (const kind of kindsOfRelation) {
      const share = asked.filter((one) => relationKindOf(one) === kind).length / asked.length;
      expect(share, kind).toBeGreaterThan(0.0005);
      expect(share, kind).toBeLessThan(0.3);
    }
  });
});

describe('held-out triples', () => {
  const labels = things.map(({ label }) => label).filter((_, index) => index % 3 === 0);

  const meant = worldVocabulary.objects.filter((word) => meaningsOf(word).length > 0);

  it('are the same in other words, and never in a word for something that is not held out', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...meant),
        fc.constantFrom(...kindsOfRelation),
        fc.constantFrom(...meant),
        (subject, kind, object) => {
          const said = (s: string, o: string) =>
            relationKinds[kind].map((predicate) => isHeldOut({ subject: s, predicate, object: o }));
          expect(new Set(said(subject, object)).size).toBe(1);
          const drawn = meaningsOf(subject).flatMap((s) => meaningsOf(object).map((o) => said(s, o)[0]));
          expect(said(subject, object)[0]).toBe(drawn.every(Boolean));
        },
      ),
    );
    expect(isHeldOut({ subject: 'unicorn', predicate: 'on', object: 'grass' })).toBe(false);
  });

  it('are about one in twenty', () => {
    let held = 0;
    let total = 0;
    for (const subject of labels) {
      for (const object of labels) {
        for (const predicate of predicates) {
          total++;
          if (isHeldOut({ subject, predicate, object })) held++;
        }
      }
    }
    expect(held / total).toBeGreaterThan(0.04);
    expect(held / total).toBeLessThan(0.06);
  });

  it('are held out together with their mirror image', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...labels),
        fc.constantFrom(...predicates),
        fc.constantFrom(...labels),
        (subject, predicate, object) => {
          const inverse = inversePredicate[relationKindOf(predicate)!];
          if (!inverse) return;
          expect(isHeldOut({ subject: object, predicate: inverse, object: subject })).toBe(
            isHeldOut({ subject, predicate, object }),
          );
        },
      ),
    );
  });
});
