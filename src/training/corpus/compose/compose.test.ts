import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { geometricPredicates, geometricRelation } from '#graph/places/geometry.ts';
import { seededRandom } from '#graph/random.ts';
import { sampleSceneGraph } from '#training/corpus/sample/sample-graph.ts';
import { colours } from '#training/corpus/world/colours.ts';
import { NIGHT } from '#training/corpus/world/setting.ts';
import { thingOf } from '#training/corpus/world/things.ts';
import { inversePredicate, kindsOfRelation, type Predicate } from '#training/corpus/world/world.ts';
import { worldVocabulary } from '#training/corpus/world/world-vocabulary.ts';
import { composeScene } from './compose.ts';

// Every file draws the sprites that it needs once.
vi.setConfig({ testTimeout: 60_000 });

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const compose = (seed: number, min = 1, max = 4) => composeScene(seededRandom(seed), { things: { min, max } });
const geometric: ReadonlySet<string> = new Set(geometricPredicates);
const many = Array.from({ length: 250 }, (_, seed) => compose(seed * 7919));
const even = Array.from({ length: 50 }, (_, seed) =>
  composeScene(seededRandom(seed * 7919), { things: { min: 1, max: 6 }, evenly: 1, unlikely: 0.5 }),
);
const strewn = Array.from({ length: 50 }, (_, seed) =>
  composeScene(seededRandom(seed * 7919), { things: { min: 2, max: 6 }, evenly: 0.5, strewn: 1 }),
);
const turned = Array.from({ length: 50 }, (_, seed) =>
  composeScene(seededRandom(seed * 7919), { things: { min: 2, max: 5 }, turned: 1 }),
);
const scenes = (check: (scene: (typeof many)[number]) => void) =>
  [...many, ...even, ...strewn, ...turned].forEach(check);

describe('a composed scene', () => {
  it('is the same for the same seed', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(compose(seed)).toEqual(compose(seed));
      }),
      { numRuns: 20 },
    );
  });

  it('has as many things as asked, then one backdrop and one ground that share the picture, then parts', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 4 }), (seed, count) => {
        const { objects } = compose(seed, count, count);
        const kinds = objects.map(({ isGround, partOf }) => (partOf === undefined ? isGround : 'part'));
        expect(kinds.slice(0, count + 2)).toEqual([...Array(count).fill(false), true, true]);
        expect(kinds.slice(count + 2).every((kind) => kind === 'part')).toBe(true);
        const [backdrop, ground] = objects.slice(count, count + 2);
        expect(backdrop?.box).toEqual([0, 0, 1, ground?.box[1]]);
        expect(ground?.box.slice(2)).toEqual([1, 1]);
      }),
      { numRuns: 40 },
    );
  });

  it('defies common sense as often as it is asked to', () => {
    const share = (unlikely: number) =>
      Array.from({ length: 100 }, (_, seed) =>
        composeScene(seededRandom(seed), { things: { min: 2, max: 4 }, unlikely }),
      ).filter(({ relations }) => relations.some((relation) => relation.unlikely)).length / 100;
    expect(share(0)).toBe(0);
    expect(share(0.15)).toBeLessThan(share(0.4) - 0.1);
    expect(share(1)).toBe(1);
  });

  it('shows every thing anywhere where all are to be learned alike, and at home otherwise', () => {
    const strangers = (evenly: number) =>
      Array.from({ length: 200 }, (_, seed) => composeScene(seededRandom(seed), { things: { min: 3, max: 4 }, evenly }))
        .map(({ objects }) => {
          const ground = objects.findLast(({ isGround }) => isGround) as (typeof objects)[number];
          const shown = objects.filter(({ isGround, partOf }) => !isGround && partOf === undefined);
          return (
            shown.filter(({ label }) => !thingOf(label).places.some((place) => place === ground.label)).length /
            shown.length
          );
        })
        .reduce((sum, share) => sum + share / 200, 0);
    // A thing belongs on a third of the grounds.
    expect(strangers(1)).toBeGreaterThan(0.5);
    // Dogs on surfboards.
    expect(strangers(0)).toBeLessThan(0.05);
    expect(Math.abs(strangers(0.5) - strangers(1) / 2)).toBeLessThan(0.1);
  });

  it('strews things to every side of each other as often as it is asked to, and its graphs say so', () => {
    const said = (strewn: number) =>
      Array.from({ length: 200 }, (_, seed) => {
        const random = seededRandom(seed);
        const scene = composeScene(random, { things: { min: 2, max: 2 }, unlikely: 0, strewn });
        const asked = scene.relations.filter(({ unlikely }) => unlikely);
        const graph = sampleSceneGraph(scene, random, { heldOut: true });
        expect(graph.relations.length).toBeGreaterThanOrEqual(asked.length / 2);
        return asked.map(({ predicate }) => predicate);
      }).filter((predicates) => predicates.length > 0);
    expect(said(0)).toEqual([]);
    const all = said(1);
    expect(Math.abs(said(0.5).length - all.length / 2)).toBeLessThan(20);
    const share = (predicate: string) => all.filter((said) => said.includes(predicate)).length / all.length;
    // Each relation is said with its inverse.
    for (const predicate of ['left of', 'right of', 'above', 'below']) expect(share(predicate)).toBeGreaterThan(0.2);
    expect(share('behind')).toBeGreaterThan(0.1);
  });

  it('keeps every box within the picture and speaks the vocabulary', () => {
    scenes(({ objects, style }) => {
      expect(worldVocabulary.styles).toContain(style);
      for (const { box, label } of objects) {
        expect(worldVocabulary.objects).toContain(label);
        expect(Math.min(...box)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...box)).toBeLessThanOrEqual(1);
        expect(box[0]).toBeLessThan(box[2]);
        expect(box[1]).toBeLessThan(box[3]);
      }
    });
  });

  it('names each relation once, between two different objects, with a known predicate', () => {
    scenes(({ objects, relations }) => {
      const keys = relations.map(({ subject, predicate, object }) => `${subject} ${predicate} ${object}`);
      expect(new Set(keys).size).toBe(keys.length);
      const valid = ({ subject, predicate, object }: (typeof relations)[number]) =>
        objects[subject] !== undefined &&
        objects[object] !== undefined &&
        subject !== object &&
        kindsOfRelation.includes(predicate as Predicate);
      expect(relations.filter((relation) => !valid(relation))).toEqual([]);
    });
  });

  it('gives each ordered pair of things exactly one geometric relation, that of its boxes, and its inverse the other way', () => {
    scenes(({ objects, relations }) => {
      objects.forEach((a, i) => {
        objects.forEach((b, j) => {
          if (i === j || a.isGround || b.isGround || a.partOf !== undefined || b.partOf !== undefined) return;
          const between = (s: number, o: number) =>
            relations
              .filter((r) => r.subject === s && r.object === o && geometric.has(r.predicate))
              .map((r) => r.predicate);
          expect(between(i, j)).toEqual([geometricRelation(a.box, b.box)]);
          expect(between(j, i)).toEqual([inversePredicate[between(i, j)[0] as Predicate]]);
        });
      });
    });
  });

  it('never holds a relation and its opposite of the same ordered pair', () => {
    scenes(({ relations }) => {
      for (const { subject, predicate, object } of relations) {
        const opposite = inversePredicate[predicate as Predicate];
        if (opposite === undefined || opposite === predicate) continue;
        expect(relations.some((r) => r.subject === subject && r.predicate === opposite && r.object === object)).toBe(
          false,
        );
      }
    });
  });

  it('puts the far thing of "behind" further away, and riders above their mounts', () => {
    scenes(({ objects, relations }) => {
      for (const { subject, predicate, object } of relations) {
        const [a, b] = [objects[subject], objects[object]];
        if (!a || !b || b.isGround) continue;
        if (predicate === 'behind') expect(a.depth).toBeLessThan(b.depth);
        if (predicate === 'riding') expect(geometricRelation(a.box, b.box)).toBe('above');
      }
    });
  });

  it('shows every kind of relation within 1,500 scenes', () => {
    const seen = new Set(
      Array.from({ length: 1500 }, (_, seed) => compose(seed).relations.map((r) => r.predicate)).flat(),
    );
    expect([...seen].sort()).toEqual([...kindsOfRelation].sort());
  });

  it('puts parts where their things are, and says whose they are', () => {
    const withParts = many.filter(({ objects }) => objects.some(({ partOf }) => partOf !== undefined));
    expect(withParts.length / many.length).toBeGreaterThan(0.1);
    for (const { objects, relations } of withParts) {
      objects.forEach(({ partOf, box }, index) => {
        if (partOf === undefined) return;
        const whole = objects[partOf]!.box;
        expect(box[0] >= whole[0] - 1e-9 && box[1] >= whole[1] - 1e-9).toBe(true);
        expect(box[2] <= whole[2] + 1e-9 && box[3] <= whole[3] + 1e-9).toBe(true);
        expect(relations).toContainEqual({ subject: index, predicate: 'of', object: partOf });
        expect(relations).toContainEqual({ subject: partOf, predicate: 'has', object: index });
      });
    }
  });

  it('paints what comes in colours, and is sometimes by night', () => {
    const painted = many.flatMap(({ objects }) =>
      objects.filter(({ isGround, attributes }) => !isGround && attributes.length > 0),
    );
    expect(
      painted.every(({ label, attributes }) => thingOf(label).painted && colours.some((one) => attributes[0] === one)),
    ).toBe(true);
    expect(new Set(painted.flatMap(({ attributes }) => attributes)).size).toBe(colours.length);
    const nights = many.filter(({ objects }) => objects.some(({ attributes }) => attributes.includes(NIGHT)));
    expect(nights.length / many.length).toBeGreaterThan(0.02);
    expect(nights.length / many.length).toBeLessThan(0.15);
    expect(nights.every(({ objects }) => objects.some(({ label }) => label === 'sky'))).toBe(true);
  });

  it('keeps to the words that a model knows, in scene and graph', () => {
    const words = {
      objects: ['man', 'dog', 'tree', 'lady', 'grass', 'road', 'sky', 'seat', 'chair'],
      predicates: ['left of', 'near', 'next to', 'on', 'above', 'below'],
      attributes: ['red'],
      styles: ['twemoji', 'pastel'],
    };
    for (let seed = 0; seed < 60; seed++) {
      const random = seededRandom(seed);
      const scene = composeScene(random, { things: { min: 1, max: 3 }, words });
      const { style, objects, relations } = sampleSceneGraph(scene, random, { words });
      expect(words.styles).toContain(style);
      expect(objects.filter(({ label }) => !words.objects.includes(label))).toEqual([]);
      expect(scene.objects.filter(({ label }) => !words.objects.includes(label))).toEqual([]);
      expect(objects.flatMap(({ attributes }) => attributes).every((one) => one === 'red')).toBe(true);
      expect(relations.filter(({ predicate }) => !words.predicates.includes(predicate))).toEqual([]);
    }
  });

  it('refuses a range of things that it cannot place', () => {
    for (const things of [
      { min: 0, max: 2 },
      { min: 3, max: 2 },
      { min: 1, max: 7 },
    ]) {
      expect(() => composeScene(seededRandom(1), { things })).toThrow(RangeError);
    }
  });
});
