import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Box } from '#graph/places/geometry.ts';
import { describe as inWords } from '#graph/words/describe.ts';
import { detectionMapsOf, type SeenThing } from './detection-maps.fixture.ts';
import { graphOfPicture } from './graph-of-picture.ts';

const objects = ['man', 'horse', 'tree', 'window', 'house', 'leg', 'boy', 'grass', 'sky'];
const facts = {
  vocabulary: {
    objects,
    predicates: ['left of', 'right of', 'above', 'below', 'inside', 'surrounding', 'riding', 'standing on', 'of'],
    attributes: [],
  },
  kinds: { grass: 'ground', sky: 'backdrop', leg: 'part' },
  verifier: { grid: 16, thresholds: objects.map(() => 0.5) },
  likely: [
    { subject: 'man', predicate: 'riding', object: 'horse', count: 9 },
    { subject: 'man', predicate: 'standing on', object: 'grass', count: 5 },
    { subject: 'tree', predicate: 'standing on', object: 'grass', count: 5 },
    { subject: 'window', predicate: 'of', object: 'house', count: 7 },
    { subject: 'window', predicate: 'above', object: 'house', count: 2 },
  ],
  limits: { objects: 5, relations: 12 },
};
const at = (label: string, box: Box, strength = 1): SeenThing => ({ label, box, depth: 0.5, strength });
const read = (...things: SeenThing[]) => inWords(graphOfPicture(detectionMapsOf(objects, things), facts));

const grass = at('grass', [0, 0.5, 1, 1]);
const sky = at('sky', [0, 0, 1, 0.5]);

it('says what the corpus says of two where it holds, and beside it how they lie to each other', () => {
  expect(read(at('man', [0.4, 0.3, 0.55, 0.6]), at('horse', [0.35, 0.5, 0.65, 0.8]))).toBe(
    'man riding horse; man above horse',
  );
});

it('leaves out what others imply', () => {
  const row = [at('man', [0.1, 0.4, 0.2, 0.6]), at('horse', [0.4, 0.4, 0.5, 0.6]), at('tree', [0.7, 0.4, 0.8, 0.6])];
  expect(read(...row)).toBe('man left of horse; horse left of tree');
});

it('puts things on the ground, and the sky above it; what hangs in the air is related to both', () => {
  expect(read(at('tree', [0.1, 0.4, 0.3, 0.8]), grass, sky)).toBe('tree standing on grass; sky above grass');
  expect(read(at('house', [0.4, 0.1, 0.6, 0.3]), grass, sky)).toBe(
    'house above grass; sky above grass; house inside sky',
  );
});

it('names neither parts nor one thing twice', () => {
  const house = at('house', [0.2, 0.2, 0.8, 0.8], 0.9);
  expect(read(house, at('window', [0.4, 0.4, 0.5, 0.5]))).toBe('house');
  expect(read(at('man', [0.2, 0.2, 0.4, 0.8]), at('boy', [0.2, 0.25, 0.4, 0.8], 0.8))).toBe('man');
  expect(read(at('man', [0.2, 0.2, 0.4, 0.8]), at('leg', [0.6, 0.6, 0.7, 0.8]))).toBe('man');
});

it('stays within the limits of the model, in its words, whatever is seen', () => {
  const edge = fc.double({ min: 0, max: 1, noNaN: true });
  const thing = fc.record({
    label: fc.constantFrom(...objects),
    box: fc
      .tuple(edge, edge, edge, edge)
      .map(([a, b, c, d]): Box => [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]),
    depth: edge,
    strength: edge,
  });
  fc.assert(
    fc.property(fc.array(thing, { maxLength: 20 }), (things) => {
      const graph = graphOfPicture(detectionMapsOf(objects, things), facts);
      expect(graph.objects.length).toBeLessThanOrEqual(5);
      expect(graph.relations.length).toBeLessThanOrEqual(12);
      const ids = graph.objects.map(({ id }) => id);
      for (const { subject, predicate, object } of graph.relations) {
        expect(ids).toContain(subject);
        expect(ids).toContain(object);
        expect(subject).not.toBe(object);
        expect(facts.vocabulary.predicates).toContain(predicate);
      }
    }),
  );
});
