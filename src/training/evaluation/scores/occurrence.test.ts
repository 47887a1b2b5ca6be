import { describe, expect, it } from 'vitest';
import { labelOccurrences, objectOccurrenceRatio } from './occurrence.ts';

const seen = (...labels: string[]) => labels.map((label) => ({ label }));

describe('object occurrence', () => {
  it('counts duplicates: two of three sheep', () => {
    const occurrences = labelOccurrences(['sheep', 'tree', 'sheep', 'sheep'], seen('sheep', 'sheep'));
    expect(occurrences).toEqual([
      { label: 'sheep', hits: 2, total: 3 },
      { label: 'tree', hits: 0, total: 1 },
    ]);
    expect(objectOccurrenceRatio(occurrences)).toBe(2 / 4);
  });

  it('gives nothing for more than was asked, nor for what was not asked', () => {
    expect(objectOccurrenceRatio(labelOccurrences(['dog'], seen('dog', 'dog', 'cat')))).toBe(1);
    expect(objectOccurrenceRatio(labelOccurrences(['dog', 'bird'], seen('cat', 'cat')))).toBe(0);
  });

  it('weighs every object of several graphs the same', () => {
    const first = labelOccurrences(['sky'], seen('sky'));
    const second = labelOccurrences(['car', 'road', 'dog'], seen('road'));
    expect(objectOccurrenceRatio([...first, ...second])).toBe(2 / 4);
  });

  it('does not exist without objects', () => {
    expect(objectOccurrenceRatio([])).toBeNaN();
  });
});
