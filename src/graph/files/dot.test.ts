import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meadow, sceneGraphs } from '#graph/scene-graph.fixture.ts';
import { texts } from '#graph/text.fixture.ts';
import { exportDot } from './dot.ts';

/** Strings and the rest of a line, as DOT's grammar reads it: a quote ends at the next one without a backslash before it. */
const line =
  /^ {2}("(?:[^"\\]|\\.)*")(?: -> ("(?:[^"\\]|\\.)*"))? \[label=("(?:[^"\\]|\\.)*")(?:, pos="-?\d+,-?\d+!")?\];$/;
const read = (quoted: string): string => quoted.slice(1, -1).replaceAll(/\\(.)/g, '$1');

describe('exportDot', () => {
  it('draws the meadow', () => {
    expect(exportDot(meadow, 'meadow')).toBe(`digraph "meadow" {
  // document: ${JSON.stringify(meadow)}
  node [shape=box, style=rounded];
  "o1" [label="white sheep", pos="0,0!"];
  "o2" [label="grass", pos="0,-200!"];
  "o3" [label="tree", pos="300,0!"];
  "o1" -> "o2" [label="standing on"];
  "o3" -> "o1" [label="behind"];
}
`);
  });

  it('keeps any label in one string of one line', () => {
    fc.assert(
      fc.property(sceneGraphs, texts(10), (graph, nasty) => {
        const objects = graph.objects.map((object) => ({ ...object, label: nasty, attributes: [] }));
        const relations = graph.relations.map((relation) => ({ ...relation, predicate: nasty }));
        const lines = exportDot({ ...graph, objects, relations })
          .trimEnd()
          .split('\n');
        expect(lines.length).toBe(4 + objects.length + relations.length);
        for (const each of lines.slice(3, -1)) {
          const label = line.exec(each)?.[3];
          expect(label).toBeDefined();
          expect(read(label!)).toBe(nasty.replace(/\p{Cc}+/gu, ' '));
        }
      }),
    );
  });
});
