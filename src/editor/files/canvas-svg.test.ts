import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examples } from '#editor/examples/examples.ts';
import { readGraphs } from '#graph/files/read-graph.ts';
import { EMPTY_SCENE_GRAPH, type SceneGraph } from '#graph/scene-graph.ts';
import { texts } from '#graph/text.fixture.ts';
import { drawCanvas } from './canvas-svg.ts';

const colours = {
  canvas: '#ffffff',
  node: '#ffff00',
  line: '#000000',
  ink: '#000000',
  inkSoft: '#444444',
  edge: '#0000ff',
};
const options = { name: 'Meadow', colours, markOf: () => '#ff0000' };
const object = (id: string, label: string, x: number, y: number, attributes: string[] = []) => ({
  id,
  label,
  attributes,
  position: { x, y },
});
const meadow: SceneGraph = {
  ...EMPTY_SCENE_GRAPH,
  objects: [object('a', 'sheep', 0, 0, ['white']), object('b', 'tree', 300, 20), object('c', 'grass', 120, 200)],
  relations: [
    { id: 'r1', subject: 'a', predicate: 'left of', object: 'b' },
    { id: 'r2', subject: 'a', predicate: 'standing on', object: 'c' },
  ],
};

/** resvg reads XML strictly and draws shapes; fonts are left out, so that every machine draws the same. */
function rendered(svg: string): { at: (x: number, y: number) => number[]; width: number; height: number } {
  const { pixels, width, height } = new Resvg(svg, { font: { loadSystemFonts: false } }).render();
  return { width, height, at: (x, y) => [...pixels.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)] };
}

const textsOf = (svg: string): string[] =>
  [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, words]) => words ?? '');

describe('drawCanvas', () => {
  it('holds every object, attribute and relation, as text', () => {
    const { svg } = drawCanvas(meadow, options);
    expect(textsOf(svg)).toEqual(['sheep', 'white', 'tree', 'grass', 'left of', 'standing on']);
    expect(svg.match(/marker-end/g)).toHaveLength(2);
    expect(svg).toContain('<title>Meadow</title>');
    expect(svg).not.toContain('foreignObject');
  });

  it('carries the graph, which opens again', () => {
    expect(readGraphs(drawCanvas(meadow, options).svg).graphs).toEqual([meadow]);
  });

  it('draws each node where it stands, with its edges reaching it', () => {
    const { svg, width, height } = drawCanvas(meadow, {
      ...options,
      sizes: new Map([['a', { width: 100, height: 60 }]]),
    });
    const picture = rendered(svg);
    expect([picture.width, picture.height]).toEqual([width, height]);
    // The upper left object begins at the margin.
    expect(picture.at(10, 10)).toEqual([255, 255, 255]);
    expect(picture.at(32 + 95, 32 + 50)).toEqual([255, 255, 0]);
    expect(picture.at(32 + 12 + 11, 32 + 30)).toEqual([255, 0, 0]);
    const blues = Array.from({ length: 60 }, (_, y) => picture.at(32 + 108, 32 + y)).filter(
      ([r, , b]) => r === 0 && b === 255,
    );
    expect(blues.length).toBeGreaterThan(0);
  });

  it('shows drawings where there are some', () => {
    const data = 'data:image/png;base64,AAAA';
    const { svg } = drawCanvas(meadow, { ...options, iconOf: (label) => (label === 'tree' ? data : undefined) });
    expect(svg.match(/<image [^>]*href="data:image\/png;base64,AAAA"/g)).toHaveLength(1);
  });

  it('draws all examples and the empty canvas', () => {
    for (const { graph } of [...examples, { graph: EMPTY_SCENE_GRAPH }]) {
      const { svg, width, height } = drawCanvas(graph, options);
      expect(rendered(svg)).toMatchObject({ width, height });
      expect(textsOf(svg).length).toBeGreaterThanOrEqual(graph.objects.length + graph.relations.length);
    }
  });

  it('is well-formed XML whatever the words are', () => {
    const nasty = fc.constantFrom(
      '<script>alert(1)</script>',
      '"&\'<>',
      ']]>',
      '\u0000\u0008',
      '\ud800',
      '羊',
      '🐑',
      '--',
    );
    const words = fc.oneof(
      nasty,
      texts(64).filter((text) => text !== ''),
    );
    fc.assert(
      fc.property(words, words, words, (label, predicate, attribute) => {
        const graph: SceneGraph = {
          ...EMPTY_SCENE_GRAPH,
          objects: [object('a', label, 0, 0, [attribute]), object('b', label, 200, 0)],
          relations: [{ id: 'r', subject: 'a', predicate, object: 'b' }],
        };
        const { svg } = drawCanvas(graph, { ...options, name: label });
        // Read, but not drawn: that is the slow part.
        expect(new Resvg(svg, { font: { loadSystemFonts: false } }).width).toBeGreaterThan(200);
        expect(svg).not.toContain('<script');
        expect(textsOf(svg)).toHaveLength(4);
      }),
      { numRuns: 25 },
    );
  }, 30_000);
});
