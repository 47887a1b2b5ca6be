import { describe, expect, it } from 'vitest';
import { LeftOut } from '#graph/files/checks/left-out.ts';
import { describe as inWords } from '#graph/words/describe.ts';
import { laidOut } from './annotated-picture.ts';
import { readVisualGenome } from './visual-genome.ts';

function read(value: unknown) {
  const leftOut = new LeftOut();
  return { graph: laidOut(readVisualGenome(value, '', leftOut)), warnings: leftOut.sentences };
}

const record = {
  image_id: 2407890,
  objects: [
    { object_id: 101, names: ['Man'], synsets: ['man.n.01'], attributes: ['Tall', 'tall'], x: 10, y: 20, w: 30, h: 60 },
    { object_id: 102, names: ['tee shirt'], x: 12, y: 30, w: 20, h: 20 },
    { object_id: 103, name: 'street' },
  ],
  relationships: [
    { relationship_id: 1, predicate: 'WEARING a ', subject_id: 101, object_id: 102 },
    { relationship_id: 2, predicate: 'on', subject: { object_id: 101, name: 'man' }, object: { object_id: 103 } },
    { relationship_id: 3, predicate: 'ON', subject_id: 101, object_id: 103 },
    { relationship_id: 4, predicate: 'near', subject_id: 101, object_id: 101 },
    { relationship_id: 5, predicate: 'near', subject_id: 101, object_id: 999 },
    { relationship_id: 6, predicate: ' ', subject_id: 101, object_id: 102 },
  ],
};

describe('readVisualGenome', () => {
  const { graph, warnings } = read(record);

  it('reads objects, attributes and relationships', () => {
    expect(inWords(graph)).toBe('tall man wearing a tee shirt; tall man on street');
  });

  it('drops what annotators got wrong and says so', () => {
    expect(warnings).toEqual([
      'relationships[2]: dropped "on", which is there already',
      'relationships[3]: dropped "near", which relates an object to itself',
      'relationships[4]: dropped "near", which names an object that the record does not have',
      'relationships[5]: must not be empty; it was left out',
    ]);
  });

  it('leaves out objects without a usable name, and attributes that are none', () => {
    const odd = {
      objects: [
        { object_id: 1, names: ['x'.repeat(65)] },
        { object_id: 2, names: [''] },
        { object_id: 3, names: null, attributes: null },
        { object_id: 4, names: ['dog'], attributes: null },
        {
          object_id: 5,
          names: ['cat'],
          attributes: ['black', 7, ...Array.from({ length: 16 }, (_, i) => `word ${i}`)],
        },
        null,
      ],
      relationships: [
        { predicate: 'on', subject_id: 4, object_id: 1 },
        { predicate: 'near', subject_id: 4, object_id: 5 },
      ],
    };
    const { graph, warnings: told } = read(odd);
    expect(graph.objects.map(({ label, attributes }) => [label, attributes.length])).toEqual([
      ['dog', 0],
      ['cat', 16],
    ]);
    expect(graph.relations).toHaveLength(1);
    expect(told).toEqual([
      'objects[0].names: has 65 characters, at most 64 are allowed; it was left out',
      'objects[1].names: must not be empty; it was left out',
      'objects[2].names: is missing; it was left out',
      'objects[4].names: dropped an attribute, which must be a text',
      'objects[4].names: dropped an attribute, which is more than 16',
      'objects[5]: must be an object with object_id and names; it was left out',
      'relationships[0]: dropped "on", which names an object that the record does not have',
    ]);
  });

  it('refuses a record that is not one, with the path', () => {
    expect(() => read({ objects: [{ object_id: 1 }], relationships: [] })).toThrow('objects[0].names: is missing');
    expect(() => read({ objects: [], relationships: [{}] })).toThrow('relationships[0].predicate: is missing');
  });
});
