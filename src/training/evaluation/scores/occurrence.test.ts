import { describe, expect, it } from 'vitest';
import { labelOccurrences } from './occurrence.ts';
import { ratioOf } from './score.ts';

const seen = (...labels: string[]) => labels.map((label) => ({ label }));

describe('object occurrence', () => {
  it('counts duplicates: two of three sheep', () => {
    const occurrences = labelOccurrences(['sheep', 'tree', 'sheep', 'sheep'], seen('sheep', 'sheep'));
    expect(occurrences).toEqual([
      { label: 'sheep', hits: 2, total: 3 },
      { label: 'tree', hits: 0, total: 1 },
    ]);
    expect(ratioOf(occurrences)).toBe(2 / 4);
  });

  it('gives nothing for more than was asked, nor for what was not asked', () => {
    expect(ratioOf(labelOccurrences(['dog'], seen('dog', 'dog', 'cat')))).toBe(1);
    expect(ratioOf(labelOccurrences(['dog', 'bird'], seen('cat', 'cat')))).toBe(0);
  });

  it('weighs every object of several graphs the same', () => {
    const first = labelOccurrences(['sky'], seen('sky'));
    const second = labelOccurrences(['car', 'road', 'dog'], seen('road'));
    expect(ratioOf([...first, ...second])).toBe(2 / 4);
  });

  it('does not exist without objects', () => {
    expect(ratioOf([])).toBeNaN();
  });
});
