import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  adamW,
  clipScale,
  copyOf,
  cosineDecay,
  emaDecay,
  globalNorm,
  type Tensors,
  updateEma,
  warmUp,
  zerosLike,
} from './optimizer.ts';

const tensors = (entries: Record<string, number[]>): Map<string, Float32Array> =>
  new Map(Object.entries(entries).map(([name, data]) => [name, Float32Array.from(data)]));
const numbers = (all: Tensors, name: string): number[] => [...(all.get(name) ?? [])];

describe('AdamW', () => {
  test('two steps worked by hand', () => {
    const { init, update } = adamW({ betas: [0.9, 0.99], epsilon: 0, weightDecay: 0.5 });
    const parameters = tensors({ w: [1] });
    // Step 1: m = 0.1·2, v = 0.01·4; corrected m = 2, v = 4; w = 1·(1 − 0.1·0.5) − 0.1·2/2 = 0.85.
    let state = update(parameters, tensors({ w: [2] }), init(parameters), 0.1);
    expect(state.step).toBe(1);
    expect(numbers(parameters, 'w')[0]).toBeCloseTo(0.85, 6);
    // Step 2, gradient −1: m = 0.08, v = 0.0496; corrected m = 0.08/0.19, v = 0.0496/0.0199.
    // w = 0.85·0.95 − 0.1·0.4210526/1.5787527 = 0.8075 − 0.0266699 = 0.7808301.
    state = update(parameters, tensors({ w: [-1] }), state, 0.1);
    expect(numbers(parameters, 'w')[0]).toBeCloseTo(0.7808301, 6);
    expect(numbers(state.first, 'w')[0]).toBeCloseTo(0.08, 6);
    expect(numbers(state.second, 'w')[0]).toBeCloseTo(0.0496, 6);
  });

  test('epsilon is added after the root, and decay spares the tensors that it should', () => {
    const { init, update } = adamW({ betas: [0, 0], epsilon: 1, weightDecay: 1, decays: (name) => name !== 'bias' });
    const parameters = tensors({ weight: [1], bias: [1] });
    update(parameters, tensors({ weight: [3], bias: [3] }), init(parameters), 0.1);
    // 3/(3 + 1) = 0.75: 1·(1 − 0.1) − 0.075 and 1 − 0.075.
    expect(numbers(parameters, 'weight')[0]).toBeCloseTo(0.825, 6);
    expect(numbers(parameters, 'bias')[0]).toBeCloseTo(0.925, 6);
  });

  test('leaves a parameter without gradient as it is', () => {
    const { init, update } = adamW({ betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0.1 });
    const parameters = tensors({ v: [1], w: [1] });
    update(parameters, tensors({ v: [1] }), init(parameters), 0.1);
    expect(parameters.get('w')).toEqual(Float32Array.of(1));
    expect(parameters.get('v')![0]).toBeLessThan(1);
    expect(() => update(parameters, tensors({ v: [1] }), init(new Map()), 0.1)).toThrow('no state for parameter v');
  });

  test('finds the minimum of a quadratic from anywhere', () => {
    const coordinate = fc.float({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(coordinate, { minLength: 1, maxLength: 4 }),
        fc.array(coordinate, { minLength: 4, maxLength: 4 }),
        (start, aim) => {
          const { init, update } = adamW({ betas: [0.9, 0.99], epsilon: 1e-8, weightDecay: 0 });
          const parameters = tensors({ w: start });
          let state = init(parameters);
          for (let step = 0; step < 600; step++) {
            const gradient = numbers(parameters, 'w').map((value, i) => 2 * (i + 1) * (value - aim[i]!));
            state = update(parameters, tensors({ w: gradient }), state, 0.1 * cosineDecay(step / 600, 0));
          }
          numbers(parameters, 'w').forEach((value, i) => {
            expect(Math.abs(value - aim[i]!)).toBeLessThan(0.02);
          });
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('clipping', () => {
  test('brings the norm of all gradients together down to the limit, and only when it is above', () => {
    const norm = globalNorm(tensors({ a: [3, 0], b: [0, 4] }));
    expect(norm).toBe(5);
    expect(clipScale(norm, 10)).toBe(1);
    expect(clipScale(norm, 2.5)).toBe(0.5);
    expect(clipScale(0, 1)).toBe(1);
  });

  test('in AdamW is the same as scaling the gradients first', () => {
    const { init, update } = adamW({ betas: [0.9, 0.99], epsilon: 1, weightDecay: 0 });
    const [clipped, scaled] = [tensors({ w: [1, -2] }), tensors({ w: [1, -2] })];
    update(clipped, tensors({ w: [8, -6] }), init(clipped), 0.1, clipScale(10, 5));
    update(scaled, tensors({ w: [4, -3] }), init(scaled), 0.1);
    expect(numbers(clipped, 'w')).toEqual(numbers(scaled, 'w'));
  });
});

describe('the moving average', () => {
  test('two steps worked by hand', () => {
    const average = tensors({ w: [1] });
    updateEma(average, tensors({ w: [3] }), 0.75); // 0.75 + 0.75
    expect(numbers(average, 'w')[0]).toBe(1.5);
    updateEma(average, tensors({ w: [0.5] }), 0.5);
    expect(numbers(average, 'w')[0]).toBe(1);
  });

  test('of a constant is that constant', () => {
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, min: -1e6, max: 1e6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 50 }),
        (value, decay, steps) => {
          const parameters = tensors({ w: [value] });
          const average = copyOf(parameters);
          for (let step = 0; step < steps; step++) updateEma(average, parameters, decay);
          expect(Math.abs(numbers(average, 'w')[0]! - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-5);
        },
      ),
    );
  });

  test('names a parameter that is missing', () => {
    expect(() => updateEma(tensors({ w: [1] }), tensors({}), 0.5)).toThrow('EMA: no parameter w');
  });

  test('forgets its start: the decay rises to its limit', () => {
    expect(emaDecay(0.999, 0)).toBeCloseTo(0.1, 12);
    expect(emaDecay(0.999, 90)).toBeCloseTo(0.91, 12);
    expect(emaDecay(0.999, 1e6)).toBe(0.999);
  });
});

describe('schedules', () => {
  test('warm-up rises by equal steps to 1', () => {
    expect([0, 1, 2, 3, 4, 100].map((step) => warmUp(step, 4))).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
    expect(warmUp(0, 0)).toBe(1);
  });

  test('cosine decay at its known points', () => {
    const at = (progress: number) => cosineDecay(progress, 0.1);
    expect(at(0)).toBe(1);
    expect(at(1 / 3)).toBeCloseTo(0.1 + 0.9 * 0.75, 12);
    expect(at(0.5)).toBeCloseTo(0.55, 12);
    expect(at(1)).toBeCloseTo(0.1, 12);
    expect(at(2)).toBeCloseTo(0.1, 12);
    expect(at(-1)).toBe(1);
  });
});

test('copies do not share memory, zeros are of the same sizes', () => {
  const original = tensors({ w: [1, 2] });
  const copy = copyOf(original);
  copy.get('w')![0] = 9;
  expect(numbers(original, 'w')).toEqual([1, 2]);
  expect(numbers(zerosLike(original), 'w')).toEqual([0, 0]);
});
