import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tidyWord } from '#graph/bounds.ts';
import { meadow, sceneGraphs } from '#graph/scene-graph.fixture.ts';
import { texts } from '#graph/text.fixture.ts';
import { svgMetadata } from './carried-document.ts';
import { GraphFormatError } from './checks/graph-format-error.ts';
import { exportDot } from './dot.ts';
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

  it('skips a record at fault, names it and reads the others', () => {
    const long = { ...sg2im, objects: ['x'.repeat(65), 'grass'] };
    const { graphs, warnings } = readGraphs(JSON.stringify([long, meadow, { objects: [] }, visualGenome]));
    expect(graphs).toHaveLength(2);
    expect(warnings).toEqual([
      '[0].objects[0]: has 65 characters, at most 64 are allowed; this graph was skipped',
      expect.stringMatching(/^\[2\]: this is no scene graph: .*; this graph was skipped$/),
    ]);
  });

  it('reads JSON lines, and names a line at fault', () => {
    const lines = [JSON.stringify(meadow), '', JSON.stringify(sg2im), '{"objects": [', '{}'].join('\n');
    const { graphs, warnings } = readGraphs(lines);
    expect(graphs).toHaveLength(2);
    expect(warnings).toEqual([
      expect.stringMatching(/^line 4: not JSON: .*; it was skipped$/),
      'line 3.relationships[1]: dropped "sky above grass", which is there already',
      expect.stringMatching(/^line 5: this is no scene graph/),
    ]);
  });

  it('opens the drawings that were saved, whatever the words are', () => {
    fc.assert(
      fc.property(sceneGraphs, texts(30), (graph, nasty) => {
        const label = tidyWord(`a${nasty}`);
        const written = { ...graph, objects: graph.objects.map((object) => ({ ...object, label })) };
        expect(readGraphs(exportDot(written, nasty)).graphs).toEqual([written]);
        expect(readGraphs(`<svg>\n${svgMetadata(written)}</svg>`).graphs).toEqual([written]);
      }),
      { numRuns: 30 },
    );
    const entities = { ...meadow, objects: [{ ...meadow.objects[0]!, label: '&lt; &amp;amp; <b> "' }], relations: [] };
    expect(readGraphs(`<svg>${svgMetadata(entities)}</svg>`).graphs).toEqual([entities]);
    const other = svgMetadata(meadow)
      .replaceAll('"', '&quot;')
      .replace('&quot;sgraffito-document&quot;', '"sgraffito-document"');
    expect(readGraphs(`<?xml version="1.0"?><svg>${other.replace('&quot;o1', '&#34;o1')}</svg>`).graphs).toEqual([
      meadow,
    ]);
  });

  it('takes its time by the length of the file, and keeps the first of many faults', () => {
    const crowded = { objects: new Array(1000).fill('a'), relationships: new Array(4000).fill([0, 'on', 1]) };
    const { graphs, warnings } = readGraphs(JSON.stringify(new Array(40).fill(crowded)));
    expect(graphs).toHaveLength(40);
    expect(warnings).toHaveLength(101);
    expect(warnings.at(-1)).toBe(`and ${40 * 3999 - 100} more were left out`);
  });

  it('says the size of a text that is too large in megabytes', () => {
    expect(faultOf('x'.repeat(32_000_001)).message).toMatch(/^the file has 33 MB; up to 32 MB are read here/);
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
    ['not-json', '', 'is empty', ' '],
    ['unknown-format', '', 'web page', '<!doctype html><p>sheep'],
    ['unknown-format', '', 'SVG drawing that carries no graph', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['unknown-format', '', 'DOT file that carries no graph', 'digraph { a -> b }'],
    ['not-json', '', 'not JSON', 'digraph {\n// document: {'],
    [
      'unknown-object',
      '[0].relationships[0][2]',
      'no object 5',
      JSON.stringify([{ ...sg2im, relationships: [[0, 'on', 5]] }, 7]),
    ],
    ['too-large', '', '20001 graphs', `[${new Array(20001).fill('{}').join()}]`],
  ])('refuses: %s at "%s" (%s)', (code, path, words, text) => {
    const fault = faultOf(text);
    expect([fault.code, fault.path]).toEqual([code, path]);
    expect(fault.message).toContain(words);
    expect(fault.message).not.toContain('\n');
  });

  it('names the formats it reads', () => {
    expect(faultOf('{}').allowed).toEqual([
      'sgraffito/scene-graph',
      'sg2im',
      'Visual Genome',
      'GQA',
      'PSG',
      'LAION-SG',
    ]);
  });
});
