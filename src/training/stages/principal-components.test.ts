import { expect, test } from 'vitest';
import { seededNoise } from '#diffusion/noise.ts';
import { linearMaps } from './principal-components.ts';

const PATCH = 12;
const CHANNELS = 3;
/** Deviations along three directions; the rest stays the same. */
const DEVIATIONS = [3, 1.5, 0.5];

/** Patches around 0.25 that vary along the first three axes. */
async function* patches(count: number): AsyncGenerator<Float32Array> {
  const noise = seededNoise(3);
  for (let i = 0; i < count; i++) {
    const patch = new Float32Array(PATCH).fill(0.25);
    DEVIATIONS.forEach((deviation, axis) => {
      patch[axis] = 0.25 + deviation * noise.normal();
    });
    yield patch;
  }
}

test('decoder after encoder is the identity on what the components span, and the mean elsewhere', {
  timeout: 30_000,
}, async () => {
  const { parameters, explained } = await linearMaps(patches(300), CHANNELS, PATCH);
  expect(explained).toBeGreaterThan(0.999);
  const [encoder, shift, decoder, mean] = [
    'encoder.linear.weight',
    'encoder.linear.bias',
    'decoder.linear.weight',
    'decoder.linear.bias',
  ].map((name) => parameters.get(name) as Float32Array) as [Float32Array, Float32Array, Float32Array, Float32Array];
  expect([encoder.length, shift.length, decoder.length, mean.length]).toEqual([
    CHANNELS * PATCH,
    CHANNELS,
    PATCH * CHANNELS,
    PATCH,
  ]);

  const squares = new Float64Array(CHANNELS);
  const sums = new Float64Array(CHANNELS);
  let worst = 0;
  for await (const patch of patches(300)) {
    const latent = Array.from({ length: CHANNELS }, (_, k) =>
      patch.reduce((sum, value, i) => sum + value * (encoder[k * PATCH + i] as number), shift[k] as number),
    );
    latent.forEach((value, k) => {
      sums[k] = (sums[k] as number) + value / 300;
      squares[k] = (squares[k] as number) + value ** 2 / 300;
    });
    patch.forEach((value, i) => {
      const back = latent.reduce(
        (sum, number, k) => sum + number * (decoder[i * CHANNELS + k] as number),
        mean[i] as number,
      );
      worst = Math.max(worst, Math.abs(back - value));
    });
  }
  expect(worst).toBeLessThan(1e-3);
  for (const sum of sums) expect(Math.abs(sum)).toBeLessThan(1e-3);
  // In order of importance, mean variance 1 over the channels, and the deviation of a channel is the root of its component's.
  expect(squares.reduce((sum, value) => sum + value, 0) / CHANNELS).toBeCloseTo(1, 3);
  expect(squares[0]).toBeGreaterThan(squares[1] as number);
  expect(squares[1]).toBeGreaterThan(squares[2] as number);
  expect(Math.sqrt((squares[0] as number) / (squares[2] as number))).toBeCloseTo(Math.sqrt(6), 0);
});
