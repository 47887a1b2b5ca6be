import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromHalf, toHalf } from '#engine/formats/float16.ts';
import { type SafetensorsTensor, writeSafetensors } from '#engine/formats/safetensors.ts';
import { studentDenoiser } from '#engine/picturebook/student-weights.ts';
import { halfWeightsOf } from '#engine/runtime/onnx-weights.ts';
import { writeOnnx } from '#onnx/file/onnx-file.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add } from '#onnx/ops/arithmetic.ts';
import { zeros } from '#training/networks/layers.ts';

const MATRIX = [3, 4] as const;
const VECTOR = [5] as const;

/** A model that reads a matrix and a vector of half precision. */
function modelOf(matrix: Float32Array, vector: Float32Array): Uint8Array {
  const g = new GraphBuilder();
  g.output('matrix', add(g, g.input('x', MATRIX), g.parameter('a.weight', MATRIX, zeros)));
  g.output('vector', add(g, g.input('y', VECTOR), g.parameter('b', VECTOR, zeros)));
  const parameters = new Map([
    ['a.weight', matrix],
    ['b', vector],
  ]);
  return writeOnnx(g, { parameters, half: true });
}

const halves = (data: Float32Array, ...shape: number[]): SafetensorsTensor => ({
  dtype: 'F16',
  shape,
  data: toHalf(data),
});
const numbers = (count: number) =>
  fc
    .array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: count, maxLength: count })
    .map((list) => fromHalf(toHalf(Float32Array.from(list))));

async function weightsOf(model: Uint8Array, name: string): Promise<number[]> {
  const { start, end } = (await halfWeightsOf(model, 'denoiser.onnx')).get(name)!;
  return [...fromHalf(new Uint16Array(Uint8Array.from(model.subarray(start, end)).buffer))];
}

it('adds the product of two narrow matrices to a matrix, a whole update to the rest, and leaves the file otherwise as it is', async () => {
  const parts = [numbers(12), numbers(5), numbers(6), numbers(8), numbers(5)] as const;
  await fc.assert(
    fc.asyncProperty(...parts, async (matrix, vector, down, up, whole) => {
      const model = modelOf(matrix, vector);
      const before = Uint8Array.from(model);
      const updates = writeSafetensors(
        new Map([
          ['a.weight.down', halves(down, 3, 2)],
          ['a.weight.up', halves(up, 2, 4)],
          ['b.update', halves(whole, 5)],
        ]),
      );
      const student = await studentDenoiser(model, updates);
      expect(Uint8Array.from(model)).toEqual(before);
      expect(student.length).toBe(model.length);
      const changed = matrix.map((value, i) => {
        const [row, column] = [Math.floor(i / 4), i % 4];
        return value + down[2 * row]! * up[column]! + down[2 * row + 1]! * up[4 + column]!;
      });
      const got = await weightsOf(student, 'a.weight.half');
      for (const [i, value] of changed.entries())
        expect(Math.abs(got[i]! - value)).toBeLessThanOrEqual(Math.abs(value) / 1000 + 1e-6);
      const rounded = fromHalf(toHalf(vector.map((value, i) => value + whole[i]!)));
      expect(await weightsOf(student, 'b.half')).toEqual([...rounded]);
    }),
    { numRuns: 50 },
  );
});

it('says what does not fit together', async () => {
  const model = modelOf(new Float32Array(12), new Float32Array(5));
  const asked = (tensors: [string, SafetensorsTensor][]) => studentDenoiser(model, writeSafetensors(new Map(tensors)));
  await expect(asked([['c.update', halves(new Float32Array(5), 5)]])).rejects.toThrow(
    'student.safetensors is damaged: it changes 5 numbers of “c”, which denoiser.onnx does not have.',
  );
  await expect(asked([['b.update', halves(new Float32Array(4), 4)]])).rejects.toThrow('changes 4 numbers of “b”');
  const odd: [string, SafetensorsTensor][] = [
    ['a.weight.down', halves(new Float32Array(6), 3, 2)],
    ['a.weight.up', halves(new Float32Array(12), 3, 4)],
  ];
  await expect(asked(odd)).rejects.toThrow('the two parts of “a.weight” do not fit together');
  await expect(studentDenoiser(model, new Uint8Array(20))).rejects.toMatchObject({ code: 'model-damaged' });
});
