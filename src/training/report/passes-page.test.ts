import { expect, it } from 'vitest';
import { waysOf } from '#training/stages/samplers.ts';
import { type PassesResult, passesPage, passesTable } from './passes-page.ts';

const score = (value: number | null, interval: [number, number] | null = null) => ({ value, ceiling: 0.97, interval });
const results: PassesResult[] = [
  { sampler: 'student', steps: 4, passes: 4, scores: { oor: score(0.91) } },
  { sampler: 'euler', steps: 8, passes: 16, scores: { oor: score(0.93, [0.9, 0.96]), ds: score(null) } },
  { sampler: 'euler', steps: 2, passes: 4, scores: { oor: score(0.6) } },
];

it('gives each sampler as many steps as the passes allow, two branches each, and the student its own', () => {
  const ways = waysOf({ student: { sigmas: [80, 9, 1] } }, [4, 32]);
  expect(ways).toHaveLength(11);
  expect(ways[0]).toEqual({ sampler: 'student', steps: 3, passes: 3 });
  expect(waysOf({ student: { sigmas: [80, 9, 1], relationScale: 2 } }, [])).toMatchObject([{ steps: 3, passes: 4 }]);
  for (const { sampler, steps, passes } of ways.slice(1)) {
    expect(passes).toBeLessThanOrEqual(32);
    expect(passes).toBe(2 * (sampler === 'heun' ? 2 * steps - 1 : steps));
  }
  expect(waysOf({}, [4]).map(({ sampler }) => sampler)).not.toContain('student');
});

it('is a table in Markdown, with half the interval', () => {
  const lines = passesTable(results, ['oor', 'ds']).split('\n');
  expect(lines[0]).toBe('| sampler | steps | passes | OOR | DS |');
  expect(lines[3]).toBe('| euler | 8 | 16 | 0.930 ± 0.0300 | – |');
});

it('is a plot of each score that two ways have, a line per sampler in the order of passes, and real pictures as a line', () => {
  const page = passesPage(results, ['oor', 'ds'], [['model', '<b>']]);
  expect(page).toContain('&#60;b&#62;');
  expect(page.match(/<svg class="chart passes"/g)).toHaveLength(1);
  expect(page.match(/<circle/g)).toHaveLength(3);
  const lines = [...page.matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) => points!.split(' '));
  expect(lines.map(({ length }) => length)).toEqual([1, 2]);
  const [few, many] = lines[1]!.map((point) => point.split(',').map(Number)) as [number[], number[]];
  expect(few[0]).toBeLessThan(many[0]!);
  expect(few[1]).toBeGreaterThan(many[1]!);
  expect(page).toContain('<line class="floor"');
});
