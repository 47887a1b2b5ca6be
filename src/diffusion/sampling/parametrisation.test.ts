import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createParametrisation, parametrisationNames } from './parametrisation.ts';

const x0 = Float32Array.of(0.5, -1);
const noise = Float32Array.of(2, 0.25);
const sigma = 0.75;

// By hand with sigma 0.75, sigma_data 1: norm = 1.25, x = [2, −0.8125]
const golden = {
  edm: { skip: 0.64, out: 0.6, in: 0.8, timestep: -0.0719205, target: [-1.3, -0.8] },
  epsilon: { skip: 1, out: -0.75, in: 0.8, timestep: -0.0719205, target: [2, 0.25] },
  v: { skip: 0.64, out: -0.6, in: 0.8, timestep: -0.0719205, target: [1.3, 0.8] },
  x0: { skip: 0, out: 1, in: 0.8, timestep: -0.0719205, target: [0.5, -1] },
  flow: { skip: 0.571429, out: -0.428571, in: 0.571429, timestep: 0.428571, target: [1.5, 1.25] },
} as const;

describe.each(parametrisationNames)('%s', (name) => {
  const one = createParametrisation(name, 1);

  it('has its golden numbers', () => {
    const { target, ...coefficients } = golden[name];
    for (const [key, value] of Object.entries(coefficients)) {
      expect(one.coefficients(sigma)[key as keyof typeof coefficients]).toBeCloseTo(value, 6);
    }
    for (const [i, value] of one.trainingTarget(x0, noise, sigma).entries()) expect(value).toBeCloseTo(target[i]!, 5);
    const input = [2 * coefficients.in, -0.8125 * coefficients.in];
    for (const [i, value] of one.trainingInput(x0, noise, sigma).entries()) expect(value).toBeCloseTo(input[i]!, 5);
  });

  it('gives x0 back when the network says the training target, at every sigma and sigma_data', () => {
    const number = fc.double({ min: -3, max: 3, noNaN: true });
    const level = fc.double({ min: 0.01, max: 80, noNaN: true });
    fc.assert(
      fc.property(
        number,
        number,
        level,
        fc.double({ min: 0.2, max: 2, noNaN: true }),
        (clean, eps, level, sigmaData) => {
          const parametrisation = createParametrisation(name, sigmaData);
          const F = parametrisation.trainingTarget(Float32Array.of(clean), Float32Array.of(eps), level)[0]!;
          const c = parametrisation.coefficients(level);
          const x = clean + level * eps;
          expect(Math.abs(c.skip * x + c.out * F - clean)).toBeLessThan(1e-4 * (1 + level));
        },
      ),
    );
  });
});

it('sigma_data 0.5 gives the numbers of the EDM paper', () => {
  const c = createParametrisation('edm', 0.5).coefficients(1.2);
  expect(c.skip).toBeCloseTo(0.25 / 1.69, 12);
  expect(c.out).toBeCloseTo(0.6 / 1.3, 12);
  expect(c.in).toBeCloseTo(1 / 1.3, 12);
  expect(c.timestep).toBeCloseTo(Math.log(1.2) / 4, 12);
});
