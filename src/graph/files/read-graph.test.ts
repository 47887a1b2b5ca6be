import { describe, expect, it } from 'vitest';
import { meadow } from '#graph/scene-graph.fixture.ts';
import { GraphFormatError } from './graph-format-error.ts';
import { formatSceneGraph } from './parse.ts';
import { readGraphs } from './read-graph.ts';

const sg2im = {
  objects: ['sky', 'grass'],
  relationships: [
    [0, 'above', 1],
    [0, 'above', 1],
  ],
};
const visualGenome = {
  objects: [
    { object_id: 1, names: ['man'] },
    { object_id: 2, names: ['horse'] },
  ],
  relationships: [{ predicate: 'riding', subject_id: 1, object_id: 2 }],
};

function faultOf(text: string): GraphFormatError {
  try {
    readGraphs(text);
  } catch (error) {
    if (error instanceof GraphFormatError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('readGraphs', () => {
  it('knows each format by its looks', () => {
    expect(readGraphs(formatSceneGraph(meadow))).toEqual({ graphs: [meadow], warnings: [] });
    expect(readGraphs(`\uFEFF${formatSceneGraph(meadow)}`).graphs).toEqual([meadow]);
    expect(readGraphs(JSON.stringify(sg2im)).graphs[0]!.objects.map((o) => o.label)).toEqual(['sky', 'grass']);
    expect(readGraphs(JSON.stringify(visualGenome)).graphs[0]!.relations[0]!.predicate).toBe('riding');
  });

  it('reads lists, even mixed ones, and says where each warning belongs', () => {
    const { graphs, warnings } = readGraphs(JSON.stringify([meadow, sg2im, visualGenome]));
    expect(graphs).toHaveLength(3);
    expect(warnings).toEqual(['[1].relationships[1]: dropped "sky above grass", which is there already']);
  });

  it.each([
    ['not-json', '', 'not JSON', '{'],
    ['not-json', '', 'not JSON', ''],
    ['not-json', '', 'not JSON', '{\n  "objects": [\n    sheep\n  ]\n}'],
    ['unknown-format', '', 'no scene graph', '"sheep"'],
    ['unknown-format', '', 'no scene graph', '{"nodes": []}'],
    ['unknown-format', '[0]', 'no scene graph', '[[]]'],
    ['unknown-format', 'format', 'sgraffito/scene-graph', '{"format": "other"}'],
    ['invalid-value', '', 'empty list', '[]'],
    [
      'unknown-object',
      '[1].relationships[0][2]',
      'no object 5',
      JSON.stringify([meadow, { ...sg2im, relationships: [[0, 'on', 5]] }]),
    ],
    ['too-large', '', '20001 graphs', `[${new Array(20001).fill('{}').join()}]`],
  ])('refuses: %s at "%s" (%s)', (code, path, words, text) => {
    const fault = faultOf(text);
    expect([fault.code, fault.path]).toEqual([code, path]);
    expect(fault.message).toContain(words);
    expect(fault.message).not.toContain('\n');
  });

  it('names the formats it reads', () => {
    expect(faultOf('{}').allowed).toEqual(['sgraffito/scene-graph', 'sg2im', 'Visual Genome']);
  });
});
