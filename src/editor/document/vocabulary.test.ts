import { describe, expect, it } from 'vitest';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import { EMPTY_SCENE_GRAPH } from '#graph/scene-graph.ts';
import {
  attributeGroups,
  kindIndex,
  labelGroups,
  paintsAttributes,
  partnerGroups,
  predicateGroups,
} from './vocabulary.ts';

const manifest = {
  vocabulary: { objects: ['sheep', 'cow', 'grass'], predicates: ['on', 'behind', 'riding'], attributes: [] },
  kinds: { sheep: 'animal', cow: 'animal', grass: 'ground' },
  likely: [
    { subject: 'sheep', predicate: 'behind', object: 'grass', count: 2 },
    { subject: 'sheep', predicate: 'on', object: 'grass', count: 40 },
    { subject: 'sheep', predicate: 'riding', object: 'cow', count: 1 },
  ],
} as unknown as ModelFacts;

const graph = {
  ...EMPTY_SCENE_GRAPH,
  objects: [{ id: 'o1', label: 'tree', attributes: [], position: { x: 0, y: 0 } }],
};

describe('vocabulary', () => {
  it('groups labels by kind, and colours each kind alike', () => {
    expect(labelGroups(manifest, graph)).toEqual([
      { heading: 'animal', words: ['cow', 'sheep'] },
      { heading: 'ground', words: ['grass'] },
    ]);
    expect(kindIndex(manifest, 'sheep')).toBe(kindIndex(manifest, 'cow'));
    expect(kindIndex(manifest, 'grass')).not.toBe(kindIndex(manifest, 'cow'));
  });

  it('puts the predicates that the corpus knows between these two first, the commonest on top', () => {
    expect(predicateGroups(manifest, graph, 'sheep', 'grass')).toEqual([
      { heading: 'Most likely', words: ['on', 'behind'] },
      { heading: 'All', words: ['riding'] },
    ]);
    // Never seen together: what is common leads, and what a cow has been the object of comes before the rest.
    expect(predicateGroups(manifest, graph, 'cow', 'cow')).toEqual([
      { heading: 'Relations', words: ['on', 'riding', 'behind'] },
    ]);
  });

  it('suggests partners by how often they occur', () => {
    expect(partnerGroups(manifest, graph, 'sheep')[0]?.words).toEqual(['grass', 'cow']);
  });

  it('offers to take away what all have, then the model’s attributes, or colours where it has none', () => {
    const [tree] = graph.objects;
    const red = { ...tree!, attributes: ['red', 'tall'] };
    const both = { ...graph, objects: [red, { ...tree!, id: 'o2', attributes: ['red'] }] };
    const offered = attributeGroups(manifest, both, ['o1', 'o2']);
    expect(offered[0]).toEqual({ heading: 'Take away', words: ['red'] });
    expect(offered[1]?.words).toEqual(expect.arrayContaining(['blue', 'tall']));
    expect(offered[1]?.words).not.toContain('red');
    const knowing = { ...manifest, vocabulary: { ...manifest.vocabulary, attributes: ['wet'] } };
    expect(attributeGroups(knowing, graph, ['o1'])).toEqual([{ heading: 'Give', words: ['wet'] }]);
    expect([manifest, knowing, null].map(paintsAttributes)).toEqual([false, true, true]);
  });

  it('offers the words of the graph while no model is loaded', () => {
    expect(labelGroups(null, graph)).toEqual([{ heading: 'In this graph', words: ['tree'] }]);
    expect(predicateGroups(null, graph, 'tree', 'tree')).toEqual([]);
  });
});
