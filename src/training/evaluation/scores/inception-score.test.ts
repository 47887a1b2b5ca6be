import { describe, expect, it } from 'vitest';
import golden from './inception-score.fixture.json';
import { inceptionScore, posteriorOfPresence, softmax } from './inception-score.ts';

describe('inceptionScore', () => {
  it('is the number of labels for certain posteriors spread evenly', () => {
    const certain = [0, 1, 2, 3].map((y) => [0, 1, 2, 3].map((label) => (label === y ? 1 : 0)));
    expect(inceptionScore([...certain, ...certain]).mean).toBeCloseTo(4, 12);
  });

  it('is 1 when every picture says the same, certain or not', () => {
    expect(
      inceptionScore([
        [1, 0],
        [1, 0],
      ]).mean,
    ).toBeCloseTo(1, 12);
    expect(
      inceptionScore([
        [0.3, 0.7],
        [0.3, 0.7],
      ]).mean,
    ).toBeCloseTo(1, 12);
  });

  it('for two leaning posteriors, by hand', () => {
    // p(y) = [½, ½]; KL of each row = 0.9 ln 1.8 + 0.1 ln 0.2
    const divergence = 0.9 * Math.log(1.8) + 0.1 * Math.log(0.2);
    const { mean, deviation } = inceptionScore([
      [0.9, 0.1],
      [0.1, 0.9],
    ]);
    expect(mean).toBeCloseTo(Math.exp(divergence), 12);
    expect(deviation).toBe(0);
  });

  it('is the mean and the population deviation over consecutive splits', () => {
    const rows = [
      [1, 0],
      [0, 1],
      [1, 0],
      [1, 0],
    ];
    const { mean, deviation } = inceptionScore(rows, 2);
    expect(mean).toBeCloseTo((2 + 1) / 2, 12);
    expect(deviation).toBeCloseTo(0.5, 12);
  });

  it('of logits is torchmetrics’', () => {
    const rows = Array.from({ length: golden.logits.length / golden.classes }, (_, row) =>
      softmax(golden.logits.slice(row * golden.classes, (row + 1) * golden.classes)),
    );
    expect(inceptionScore(rows).mean).toBeCloseTo(golden.score, 8);
  });

  it('refuses rows that are no distribution and more splits than pictures', () => {
    expect(() => inceptionScore([[0.5, 0.4]])).toThrow('posterior 0 sums to 0.9');
    expect(() => inceptionScore([[1.5, -0.5]])).toThrow('posterior 0 has the entry -0.5');
    expect(() => inceptionScore([[1]], 2)).toThrow('2 splits');
  });
});

describe('posteriors', () => {
  it('softmax survives large logits', () => {
    expect([...softmax([1000, 1000])]).toEqual([0.5, 0.5]);
    expect(softmax([Math.log(3), 0])[0]).toBeCloseTo(0.75, 12);
  });

  it('presence is normalised, and nothing seen is uniform', () => {
    expect([...posteriorOfPresence([0.5, 0.5, 1])]).toEqual([0.25, 0.25, 0.5]);
    expect([...posteriorOfPresence([0, 0, 0, 0])]).toEqual([0.25, 0.25, 0.25, 0.25]);
  });
});
