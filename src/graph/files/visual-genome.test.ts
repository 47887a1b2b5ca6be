import { describe, expect, it } from 'vitest';
import { describe as inWords } from '#graph/words/describe.ts';
import { importVisualGenome } from './visual-genome.ts';

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

describe('importVisualGenome', () => {
  const { graph, warnings } = importVisualGenome(record);

  it('reads objects, attributes and relationships', () => {
    expect(inWords(graph)).toBe('tall man wearing a tee shirt; tall man on street');
  });

  it('drops what annotators got wrong and says so', () => {
    expect(warnings).toEqual([
      'relationships[2]: dropped "on", which is there already',
      'relationships[3]: dropped "near", which relates an object to itself',
      'relationships[4]: dropped "near", which names an object that the record does not have',
      'relationships[5]: dropped "", which is no predicate',
    ]);
  });

  it('refuses a record that is not one, with the path', () => {
    expect(() => importVisualGenome({ objects: [{ object_id: 1 }], relationships: [] })).toThrow(
      'objects[0].names: is missing',
    );
    expect(() => importVisualGenome({ objects: [], relationships: [{}] })).toThrow(
      'relationships[0].predicate: is missing',
    );
  });
});
