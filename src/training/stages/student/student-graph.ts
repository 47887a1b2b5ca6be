/**
 * The student's network: the denoiser of a package, whose weights stay as they are, each with an update of its own that learns. What is a matrix
 * has an update of low rank (Hu et al. 2022), as Luo et al. 2023 (LCM-LoRA) distil: the package then grows by a tenth of its denoiser, not by all of it.
 */
import { denoiserPorts } from '#engine/package/network-ports.ts';
import { UPDATE } from '#engine/picturebook/student-weights.ts';
import { dimensionsFor, type OnnxModel, readOnnx } from '#onnx/file/onnx-reader.ts';
import { elements, GraphError, type Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, scale, shift, sqrt, square, sub, sumOf } from '#onnx/ops/arithmetic.ts';
import { reshape, split } from '#onnx/ops/layout.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { meanAll, reduceMean } from '#onnx/ops/reduction.ts';
import { normal, zeros } from '#training/networks/layers.ts';
import type { TrainingConfig } from '#training/run/config.ts';
import type { StepGraph } from '#training/trainer/training-step.ts';
import { widened } from './widened.ts';

export interface StudentShapes {
  readonly batch: number;
  /** Of S_cond. */
  readonly tokens: number;
  readonly tokenWidth: number;
  /** (C, h, w) */
  readonly latent: readonly [number, number, number];
}

export interface StudentGraph extends StepGraph {
  /** The denoiser's own weights, which stay. */
  readonly fixed: ReadonlyMap<string, Float32Array>;
}

/**
 * The loss is of e, the prediction F minus the input `target` (B, C, h, w), of two guesses at one picture, rows i and B/2 + i: the energy score
 * (Gneiting and Raftery 2007, equation 22)
 *
 *   ½·(|e₁| + |e₂|) − ½·spread·|e₁ − e₂|.
 *
 * With a spread of 1 it is least where guesses differ as the pictures do that they may be of; a mean square is least for the mean of those, and a
 * student of it lost half of the differences between seeds. As a target is of the pass's own x, e₁ − e₂ is how far the two clean latents lie apart.
 * @param shapes with an even batch; @param rank of the updates
 * @throws GraphError for a file that is no denoiser of ours
 */
export function studentGraph(
  denoiser: OnnxModel,
  shapes: StudentShapes,
  { rank, spread }: Pick<TrainingConfig['student'], 'rank' | 'spread'>,
): StudentGraph {
  const { batch, tokens, tokenWidth, latent } = shapes;
  const { inputs, outputs } = denoiserPorts;
  const g = new GraphBuilder('student_');
  const { model, weights } = widened(denoiser);
  const dimensions = dimensionsFor(model, {
    [inputs.sample]: [batch, ...latent],
    [inputs.timestep]: [batch],
    [inputs.sCond]: [batch, tokens, tokenWidth],
    [inputs.mask]: [batch, tokens],
  });
  if (weights.size === 0) throw new GraphError('Model', 'denoiser.onnx holds no weights of half precision');
  const adapt = (name: string, weight: Value) => updated(g, name, weight, rank);
  const { parameters: fixed, outputs: made } = readOnnx(model, { into: g, dimensions, asParameters: weights, adapt });
  const prediction = made[outputs.prediction]!;
  const error = sub(g, prediction, g.input('target', prediction.shape));
  const [first, second] = split(g, error, 0, [batch / 2, batch / 2]) as [Value, Value];
  const near = add(g, lengths(g, first), lengths(g, second));
  const apart = lengths(g, sub(g, first, second));
  const loss = meanAll(g, scale(g, sub(g, near, scale(g, apart, spread)), 0.5));
  const trains = (name: string) => !fixed.has(name);
  return { builder: g, objectives: [{ loss, trains }], numbers: { loss }, fixed };
}

/**
 * (B, C, h, w) → (B): root mean squares of the whole, of its cells and of its channels, averaged. Each is a norm, and the score holds for each.
 * By the first alone the loud channels decide, those of which drawing is where, and horizons and colours hardly count.
 */
function lengths(g: GraphBuilder, e: Value): Value {
  const root = (x: Value) => sqrt(g, shift(g, x, 1e-8));
  const power = square(g, e);
  const whole = root(reduceMean(g, power, [1, 2, 3]));
  const cells = reduceMean(g, root(reduceMean(g, power, [1])), [1, 2]);
  const channels = reduceMean(g, root(reduceMean(g, power, [2, 3])), [1]);
  return scale(g, sumOf(g, [whole, cells, channels]), 1 / 3);
}

/** A weight with its update, which starts at zero. */
function updated(g: GraphBuilder, name: string, weight: Value, rank: number): Value {
  const { shape } = weight;
  const [rows, columns] = [shape[0] ?? 1, elements(shape.slice(1))];
  if (rank * (rows + columns) >= rows * columns) return add(g, weight, g.parameter(UPDATE.whole(name), shape, zeros));
  const down = g.parameter(UPDATE.down(name), [rows, rank], normal(1 / Math.sqrt(rows)));
  const up = g.parameter(UPDATE.up(name), [rank, columns], zeros);
  return add(g, weight, reshape(g, matMul(g, down, up), shape));
}
