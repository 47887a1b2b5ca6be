import { expect, test } from 'vitest';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { ForwardPass, initializeParameters } from '#training/trainer/training-step.ts';
import { discriminator, dropoutWidths } from './discriminator.ts';

const [BATCH, WIDTH] = [3, 5];

test('linear, batch norm, LeakyReLU 0.2 and dropout, twice, then one number: worked out in plain loops', async () => {
  const g = new GraphBuilder();
  const [first, second] = dropoutWidths.map((width, layer) => g.input(`dropout.${layer}`, [BATCH, width]));
  g.output('logit', discriminator(g, g.input('features', [BATCH, WIDTH]), [first!, second!]));
  const noise = seededNoise(4);
  const parameters = new Map(
    [...initializeParameters(g, 2)].map(([name, values]) => [
      name,
      values.map((value) => value + 0.3 * noise.normal()),
    ]),
  );
  const features = noise.normals(BATCH * WIDTH);
  const drops = dropoutWidths.map((width) =>
    Float32Array.from({ length: BATCH * width }, () => (noise.uniform() < 0.3 ? 0 : 1 / 0.7)),
  );
  const pass = await ForwardPass.create(g, 'cpu');
  const { logit } = await pass.run(
    { features, ...Object.fromEntries(drops.map((drop, layer) => [`dropout.${layer}`, drop])) },
    parameters,
  );
  await pass.release();

  const of = (name: string) => parameters.get(`discriminator.${name}`)!;
  const linear = (rows: readonly number[][], name: string) =>
    rows.map((x) =>
      Array.from(of(`${name}.bias`), (bias, j) =>
        x.reduce((sum, value, i) => sum + value * of(`${name}.weight`)[i * of(`${name}.bias`).length + j]!, bias),
      ),
    );
  let rows = Array.from({ length: BATCH }, (_, b) => [...features.subarray(b * WIDTH, (b + 1) * WIDTH)]);
  dropoutWidths.forEach((width, layer) => {
    const h = linear(rows, `${layer}`);
    const columns = Array.from({ length: width }, (_, j) => h.map((x) => x[j]!));
    const means = columns.map((column) => column.reduce((sum, x) => sum + x, 0) / BATCH);
    const variances = columns.map((column, j) => column.reduce((sum, x) => sum + (x - means[j]!) ** 2, 0) / BATCH);
    rows = h.map((x, b) =>
      x.map((value, j) => {
        const even = (value - means[j]!) / Math.sqrt(variances[j]! + 1e-5);
        const scaled = even * of(`${layer}.norm.gain`)[j]! + of(`${layer}.norm.bias`)[j]!;
        return (scaled < 0 ? 0.2 * scaled : scaled) * drops[layer]![b * width + j]!;
      }),
    );
  });
  const expected = linear(rows, 'out').flat();
  expect([...logit!]).toEqual(expected.map((value) => expect.closeTo(value, 4)));
  expect(dropoutWidths).toEqual([256, 128]);
});
