/**
 * Files of every format, changed at random: whatever comes, the readers read it or refuse it with an error of theirs, in time.
 * The long form: SGRAFFITO_FUZZ=100000 npx vitest run src/graph/files/fuzz.test.ts
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GRAPH_BOUNDS, withinBounds } from '#graph/bounds.ts';
import { meadow } from '#graph/scene-graph.fixture.ts';
import { svgMetadata } from './carried-document.ts';
import { changedBytes, changedJson } from './changed.fixture.ts';
import { GraphFormatError } from './checks/graph-format-error.ts';
import published from './datasets/published-formats.fixture.json' with { type: 'json' };
import { exportDot } from './dot.ts';
import { formatSceneGraph, parseSceneGraph } from './parse.ts';
import { readGraphFiles } from './read-files.ts';
import { exportSg2im } from './sg2im.ts';
import { decodeText } from './text-file.ts';

const RUNS = Number(process.env.SGRAFFITO_FUZZ ?? 500);
const SEED = 20_401;
/** Milliseconds of processor time of one file (a busy machine's clock says nothing), and bytes that the process may grow by. */
const LIMITS = { time: 2_000, memory: 1e9 };

const { objects, relationships } = {
  objects: [
    {
      image_id: 1,
      objects: [
        { object_id: 1, names: ['boy'] },
        { object_id: 2, names: ['horse'] },
      ],
    },
  ],
  relationships: [
    { image_id: 1, relationships: [{ predicate: 'on', subject: { object_id: 1 }, object: { object_id: 2 } }] },
  ],
};
const values: readonly unknown[] = [
  meadow,
  [meadow, exportSg2im(meadow)],
  objects,
  relationships,
  { objects: objects[0]!.objects, relationships: relationships[0]!.relationships },
  published.gqa,
  published.psg,
  published.laionSg,
  published.regionGraphs,
];
const texts = [
  formatSceneGraph(meadow),
  exportDot(meadow),
  `<svg>${svgMetadata(meadow)}</svg>`,
  published.jsonLines,
  ...values.map((value) => JSON.stringify(value)),
];

const utf16 = (text: string) => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')]);
const editedValues = changedJson(values).map((text) => Buffer.from(text));
const editedBytes = changedBytes(texts.flatMap((text) => [Buffer.from(text), utf16(text)]));

const files = fc.array(fc.oneof({ weight: 3, arbitrary: editedValues }, { weight: 2, arbitrary: editedBytes }), {
  minLength: 1,
  maxLength: 2,
});

describe('changed files', () => {
  it(`${RUNS} of them are read or refused, within their bounds`, { timeout: 60_000 + RUNS * 50 }, () => {
    const before = process.memoryUsage.rss();
    let slowest = 0;
    fc.assert(
      fc.property(files, (all) => {
        const start = process.cpuUsage();
        const read = readGraphFiles(all.flatMap((bytes, i) => decoded(`${i}.json`, bytes)));
        slowest = Math.max(slowest, process.cpuUsage(start).user / 1000);
        for (const { graph } of read.graphs) {
          expect(withinBounds(graph)).toBe(graph);
          expect(parseSceneGraph(JSON.parse(formatSceneGraph(graph)))).toEqual(graph);
        }
        expect(read.warnings.length).toBeLessThanOrEqual(read.leftOut + all.length);
        for (const { message } of read.faults) expect(message.length).toBeLessThan(2_000);
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(slowest).toBeLessThan(LIMITS.time);
    expect(process.memoryUsage.rss() - before).toBeLessThan(LIMITS.memory);
  });

  it('are bounded when they are built to be slow', { timeout: 60_000 }, () => {
    const crowd = {
      objects: new Array(GRAPH_BOUNDS.objects).fill('a'),
      relationships: new Array(4_000).fill([0, 'on', 1]),
    };
    const repeated = { objects: ['a', 'b'], relationships: new Array(160_000).fill([0, 'on', 1]) };
    const deep = `${'[{"objects":'.repeat(50_000)}1${'}]'.repeat(50_000)}`;
    for (const text of [JSON.stringify([crowd, crowd]), JSON.stringify(repeated), deep, '{}\n'.repeat(100_000)]) {
      const start = process.cpuUsage();
      const { graphs, faults } = readGraphFiles([{ name: 'slow.json', text }]);
      expect(graphs.length + faults.length).toBeGreaterThan(0);
      expect(process.cpuUsage(start).user / 1000).toBeLessThan(LIMITS.time);
    }
  });
});

function decoded(name: string, bytes: Uint8Array): { readonly name: string; readonly text: string }[] {
  try {
    return [{ name, text: decodeText(bytes) }];
  } catch (error) {
    expect(error).toBeInstanceOf(GraphFormatError);
    return [];
  }
}
