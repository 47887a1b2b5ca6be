import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EMPTY_SCENE_GRAPH } from '#graph/scene-graph.ts';
import { LabelEmbedding } from './label-embedding.ts';
import { WordVectors } from './word-vectors.ts';

const folder = 'public/models/picturebook';
const { vocabulary } = JSON.parse(readFileSync(`${folder}/manifest.json`, 'utf8')) as {
  vocabulary: { objects: string[] };
};
const vectors = new WordVectors(readFileSync(`${folder}/word-vectors.safetensors`));
const embedding = new LabelEmbedding(vectors, vocabulary.objects);

describe('words on the model that ships', () => {
  it('paints a lamb as a sheep, which its vector alone would not', () => {
    expect(vectors.nearest('lamb', vocabulary.objects, 1)[0]!.label).not.toBe('sheep');
    expect(embedding.read('lamb')).toEqual({ word: 'lamb', by: 'alias', label: 'sheep' });
    expect(embedding.vector('lamb')).toEqual(vectors.vector('sheep'));
  });

  it('falls back to what is nearest in meaning, and says when a word is not known', () => {
    expect(embedding.read('sheep')).toEqual({ word: 'sheep', by: 'label', label: 'sheep' });
    expect(embedding.read('rhinoceros')).toMatchObject({ by: 'meaning' });
    expect(embedding.read('xqzzt')).toEqual({ word: 'xqzzt', by: 'unknown' });
    expect(embedding.vector('xqzzt')).toBeUndefined();
  });

  it('translates labels of a graph and leaves the graph itself as it is', () => {
    const object = { id: 'o1', label: 'puppy', attributes: [], position: { x: 0, y: 0 } };
    const graph = { ...EMPTY_SCENE_GRAPH, objects: [object, { ...object, id: 'o2', label: 'rhinoceros' }] };
    expect(embedding.translate(graph).objects.map(({ label }) => label)).toEqual(['dog', 'rhinoceros']);
    expect(graph.objects[0]?.label).toBe('puppy');
  });
});
