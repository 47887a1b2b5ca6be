import { expect, it } from 'vitest';
import { createParametrisation } from '#diffusion/sampling/parametrisation.ts';
import { studentFile, type Teacher } from './package-student.ts';
import type { Pair } from './replay.ts';
import { goingOn, studentFeeds, studentSigmas } from './student.ts';

const model = { parametrisation: 'edm', sigma: { min: 0.25, max: 80, data: 1 } } as Teacher['model'];

it('begins at the model’s highest noise level, and says so where a configuration goes beyond it', () => {
  expect(studentSigmas(model, { sigmas: [9, 1] })).toEqual([80, 9, 1]);
  expect(studentSigmas(model, { sigmas: [] })).toEqual([80]);
  expect(() => studentSigmas(model, { sigmas: [80, 1] })).toThrow('student.sigmas: must be below');
});

it('goes on from a student of the same shapes, and begins anew beside any other', () => {
  const initial = new Map([['a.up', Float32Array.of(0, 0)]]);
  const file = (name: string, ...numbers: number[]) =>
    studentFile({
      weights: new Map([[name, Float32Array.from(numbers)]]),
      shapes: new Map([[name, [numbers.length]]]),
    });
  expect(goingOn(initial, file('a.up', 0.5, -2)).get('a.up')).toEqual(Float32Array.of(0.5, -2));
  for (const other of [undefined, file('a.up', 1, 2, 3), file('b.up', 1, 2)])
    expect(goingOn(initial, other)).toBe(initial);
});

it('feeds the first guesses, then the second ones, each with the F that makes the clean latent of its own x', () => {
  const pair = (clean: number, sigma: number, first: number, second: number): Pair => ({
    conditioning: {
      sCond: { data: Float32Array.of(clean), dims: [1, 1, 1] },
      mask: { data: Float32Array.of(1), dims: [1, 1] },
    },
    clean: Float32Array.of(clean),
    sigma,
    noisy: [Float32Array.of(first), Float32Array.of(second)],
  });
  const feeds = studentFeeds(model, [pair(0.5, 2, 1, -3), pair(-1, 9, 10, 4)]);
  expect(feeds.s_cond).toEqual(Float32Array.of(0.5, -1, 0.5, -1));
  const given = [
    { x: 1, sigma: 2, clean: 0.5 },
    { x: 10, sigma: 9, clean: -1 },
    { x: -3, sigma: 2, clean: 0.5 },
    { x: 4, sigma: 9, clean: -1 },
  ];
  const { coefficients } = createParametrisation(model.parametrisation, model.sigma.data);
  for (const [i, { x, sigma, clean }] of given.entries()) {
    const c = coefficients(sigma);
    expect(feeds.sample![i]).toBeCloseTo(c.in * x, 5);
    expect(c.skip * x + c.out * Number(feeds.target![i])).toBeCloseTo(clean, 4);
  }
});
