/**
 * The student's network: the denoiser of a package, whose weights stay as they are, each with an update of its own that learns. What is a matrix
 * has an update of low rank (Hu et al. 2022), as Luo et al. 2023 (LCM-LoRA) distil: the package then grows by a tenth of its denoiser, not by all of it.
 */
import { denoiserPorts } from '#engine/package/network-ports.ts';
import { UPDATE } from '#engine/picturebook/student-weights.ts';
import { dimensionsFor, type OnnxModel, readOnnx } from '#onnx/file/onnx-reader.ts';
import { elements, GraphError, type Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { add, square, sub } from '#onnx/ops/arithmetic.ts';
import { reshape } from '#onnx/ops/layout.ts';
import { matMul } from '#onnx/ops/matrix.ts';
import { meanAll } from '#onnx/ops/reduction.ts';
import { normal, zeros } from '#training/networks/layers.ts';
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
 * The loss is the mean square error of the prediction F to the input `target` (B, C, h, w).
 * @param rank of the updates
 * @throws GraphError for a file that is no denoiser of ours
 */
export function studentGraph(denoiser: OnnxModel, shapes: StudentShapes, rank: number): StudentGraph {
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
  const loss = meanAll(g, square(g, sub(g, prediction, g.input('target', prediction.shape))));
  const trains = (name: string) => !fixed.has(name);
  return { builder: g, objectives: [{ loss, trains }], numbers: { loss }, fixed };
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
