import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { graphOf } from '#graph/graph-of.fixture.ts';
import { GenerationBatch } from './generation-batch.ts';

const settings = { seed: 3, steps: 4, guidanceScale: 2, sampler: 'euler', style: 'any' } as const;
const verification = { objects: { o1: 'unsure', o2: 'found' }, relations: { r1: 'missing' } } as const;
const graph = graphOf(['sheep', 'tree'], [[0, 'left of', 1]]);

let folder: string;
let files: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sgraffito-'));
  files = ['a-0.png', 'a-1.png'].map((name) => join(folder, name));
});

const open = (isResumed: boolean, painter = 'model') =>
  new GenerationBatch({ out: join(folder, 'a.png'), isResumed, painter });

function paint(batch: GenerationBatch, file: string): void {
  writeFileSync(file, '');
  batch.add(file, graph, settings, verification);
}

describe('a batch', () => {
  it('knows what is there after a kill in the middle of a line, and again after the next', () => {
    for (const file of files) paint(open(true), file);
    appendFileSync(join(folder, 'a.jsonl'), '{"file":"a-2.p');
    const resumed = open(true);
    expect(files.map((file) => resumed.isDone(file, graph, settings))).toEqual([true, true]);
    const third = join(folder, 'a-2.png');
    expect(resumed.isDone(third, graph, settings)).toBe(false);
    paint(resumed, third);
    const again = open(true);
    expect([...files, third].map((file) => again.isDone(file, graph, settings))).toEqual([true, true, true]);
  });

  it('paints anew what another graph, seed or model would paint otherwise, what is gone, and all unless it is told to go on', () => {
    const [first] = files as [string, string];
    paint(open(false), first);
    expect(open(true).isDone(first, graphOf(['sheep'], []), settings)).toBe(false);
    expect(open(true).isDone(first, graph, { ...settings, seed: 4 })).toBe(false);
    expect(open(true, 'another').isDone(first, graph, settings)).toBe(false);
    expect(open(true).isDone(files[1]!, graph, settings)).toBe(false);
    expect(open(true).isDone(first, graph, settings)).toBe(true);
    expect(open(false).isDone(first, graph, settings)).toBe(false);
    expect(open(true).isDone(first, graph, settings)).toBe(false);
  });

  it('shows words of a stranger as words, with the verifier’s marks', () => {
    const strange = graphOf(['"><script>alert(1)</script>', 'tree'], [[0, '<b>', 1]]);
    const batch = open(false);
    batch.add(files[0]!, strange, settings, verification);
    const page = readFileSync(batch.writePage('<title>'), 'utf8');
    expect(page).not.toMatch(/<script|<b>|<title><title>/);
    expect(page).toContain('<li>✓ tree</li>');
    expect(page).toMatch(/✗ [^<]*&#60;b&#62; tree/);
  });

  it('leaves a page of somebody else alone, and takes the place of its own', () => {
    const index = join(folder, 'index.html');
    expect([open(false).writePage('one'), open(false).writePage('two')]).toEqual([index, index]);
    writeFileSync(index, 'mine');
    expect(open(false).writePage('three')).toBe(join(folder, 'a.html'));
    expect(readFileSync(index, 'utf8')).toBe('mine');
  });
});
