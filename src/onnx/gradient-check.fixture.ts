/** Checks gradients and shapes of small graphs against ONNX Runtime: the graph runs for real, derivatives are central differences. */
import * as ort from 'onnxruntime-node';
import { expect } from 'vitest';
import { writeOnnx } from './file/onnx-file.ts';
import { gradients } from './gradients.ts';
import { type ConstantTensor, elements, type Value } from './graph.ts';
import { GraphBuilder } from './graph-builder.ts';

export interface GradientCase {
  /** Shapes of the real inputs. */
  readonly inputs: readonly (readonly number[])[];
  /** Builds the graph; every output takes part in the loss. */
  build(g: GraphBuilder, inputs: readonly Value[]): Value | readonly Value[];
  readonly draw?: Draw;
  readonly seed: number;
}

/** How inputs are drawn: `count` numbers per input. */
export type Draw = (counts: readonly number[], random: () => number) => Float32Array[];

/** Mulberry32: uniform in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const between =
  (low: number, high: number): Draw =>
  (counts, random) =>
    counts.map((count) => Float32Array.from({ length: count }, () => low + (high - low) * random()));

/** Numbers that are all at least 0.1 apart and 0.05 from zero, so that no step of a difference crosses a kink or makes a tie. */
export const apart: Draw = (counts, random) => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const all = Array.from({ length: total }, (_, index) => (index - Math.floor(total / 2) + 0.5) * 0.1);
  for (let i = total - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  let start = 0;
  return counts.map((count) => {
    start += count;
    return Float32Array.from(all.slice(start - count, start));
  });
};

const STEP = 1 / 128;
const FLOAT32_EPSILON = 2 ** -23;

/** @returns names of the operators that the case built, without those of its gradient. */
export async function checkGradients({
  inputs: shapes,
  build,
  draw = between(-1.5, 1.5),
  seed,
}: GradientCase): Promise<string[]> {
  const random = seededRandom(seed);
  const g = new GraphBuilder();
  const inputs = shapes.map((shape, index) => g.input(`x${index}`, shape));
  const outputs = [build(g, inputs)].flat();
  const operators = g.nodes.map(({ op }) => op);
  // The loss is a random linear functional of all outputs.
  const weights = outputs.map((output) =>
    Float32Array.from({ length: elements(output.shape) }, () => 2 * random() - 1),
  );
  const terms = outputs.map((output, index) => {
    const weight = g.constant({ type: 'float32', shape: output.shape, data: weights[index]! });
    return g.one('ReduceSum', [g.one('Mul', [output, weight])], { keepdims: 0 });
  });
  const loss = terms.reduce((sum, term) => g.one('Add', [sum, term]));
  for (const [index, output] of outputs.entries()) g.output(`y${index}`, output);
  for (const [index, gradient] of gradients(g, loss, inputs).entries()) g.output(`dx${index}`, gradient);
  const session = await ort.InferenceSession.create(writeOnnx(g), SESSION_OPTIONS);
  try {
    const point = draw(shapes.map(elements), random);
    const run = (values: readonly Float32Array[]) =>
      session.run(
        Object.fromEntries(
          values.map((data, index) => [`x${index}`, new ort.Tensor('float32', data, [...(shapes[index] as number[])])]),
        ),
      );
    const result = await run(point);
    outputs.forEach((output, index) => {
      expect(result[`y${index}`]?.dims, `inferred shape of output ${index}`).toEqual(output.shape);
    });
    /** Loss and a bound of its rounding error, in double precision. */
    const lossAt = (found: ort.InferenceSession.ReturnType): { value: number; noise: number } => {
      let value = 0;
      let squares = 0;
      weights.forEach((weight, output) => {
        const data = found[`y${output}`]?.data as Float32Array;
        for (let i = 0; i < data.length; i++) {
          const term = weight[i]! * data[i]!;
          value += term;
          squares += term * term;
        }
      });
      return { value, noise: FLOAT32_EPSILON * Math.sqrt(squares) };
    };
    const noise = lossAt(result).noise;
    for (const [index, shape] of shapes.entries()) {
      const gradient = result[`dx${index}`]?.data as Float32Array;
      expect(result[`dx${index}`]?.dims, `shape of the gradient at input ${index}`).toEqual(shape);
      for (const direction of directions(elements(shape), random)) {
        const difference = async (step: number) => {
          const moved = (sign: number) =>
            point.map((data, other) => (other === index ? data.map((x, i) => x + sign * step * direction[i]!) : data));
          return (lossAt(await run(moved(1))).value - lossAt(await run(moved(-1))).value) / (2 * step);
        };
        // Richardson: the error of the difference falls from step² to step⁴.
        const expected = (4 * (await difference(STEP)) - (await difference(2 * STEP))) / 3;
        let found = 0;
        let size = 0;
        for (let i = 0; i < direction.length; i++) {
          const term = gradient[i]! * direction[i]!;
          found += term;
          size += term * term;
        }
        const tolerance = 2e-3 * Math.sqrt(size) + (12 * noise) / STEP + 1e-5;
        expect(Math.abs(found - expected), `input ${index} [${shape}]: ${found} for ${expected}`).toBeLessThan(
          tolerance,
        );
      }
    }
  } finally {
    await session.release();
  }
  return operators;
}

export const SESSION_OPTIONS = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 } as const;

/** Two random directions of ±1, and one axis or two. */
function directions(count: number, random: () => number): Float32Array[] {
  const signs = () => Float32Array.from({ length: count }, () => (random() < 0.5 ? -1 : 1));
  const axis = () => {
    const direction = new Float32Array(count);
    direction[Math.floor(random() * count)] = 1;
    return direction;
  };
  return count === 1 ? [axis()] : [signs(), signs(), axis(), axis()];
}

/** Runs a graph's outputs. */
export async function runGraph(
  g: GraphBuilder,
  feeds: Readonly<Record<string, ConstantTensor>> = {},
  model: Uint8Array = writeOnnx(g),
): Promise<Record<string, ort.Tensor>> {
  const session = await ort.InferenceSession.create(model, SESSION_OPTIONS);
  try {
    const tensors = Object.entries(feeds).map(
      ([name, { type, shape, data }]) => [name, new ort.Tensor(type, data as Float32Array, [...shape])] as const,
    );
    return await session.run(Object.fromEntries(tensors));
  } finally {
    await session.release();
  }
}

export function realTensor(shape: readonly number[], data: Iterable<number>): ConstantTensor {
  return { type: 'float32', shape, data: Float32Array.from(data) };
}

/** The numbers of a result. @throws Error when the graph has no such output. */
export function numbersOf(tensor: ort.Tensor | undefined): number[] {
  if (!(tensor?.data instanceof Float32Array || tensor?.data instanceof Uint8Array)) {
    throw new Error('no such output, or one of another type');
  }
  return [...tensor.data];
}
