/** One training step as one ONNX graph: forward pass, losses and gradients, run by ONNX Runtime on any of its devices. */
import * as ort from 'onnxruntime-node';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { writeOnnx } from '#onnx/file/onnx-file.ts';
import { gradients } from '#onnx/gradients.ts';
import { elements, type Initializer, type Node, type Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import type { Tensors } from '#onnx/optimizer.ts';
import { type DiskSession, openFromDisk } from './model-on-disk.ts';

export const devices = ['cpu', 'cuda', 'webgpu', 'dml', 'coreml'] as const;
export type Device = (typeof devices)[number];
export type Feeds = Readonly<Record<string, Float32Array | Int32Array>>;

export interface StepResult {
  /** Named scalars: the losses and whatever else the graph reports. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly gradients: Map<string, Float32Array>;
}

/** A loss, and the parameters that go downhill on it. */
export interface Objective {
  readonly loss: Value;
  /** Default: all parameters. */
  readonly trains?: (name: string) => boolean;
}

interface StepSpec {
  readonly builder: GraphBuilder;
  /** Usually one; a GAN has one per player, with parameters of their own. */
  readonly objectives: readonly Objective[];
  readonly numbers: Readonly<Record<string, Value>>;
  readonly device: Device;
  /** Parts of activation checkpointing; 1, nothing computed twice, when absent. */
  readonly segments?: number;
  /** Weights that never change, kept by the session on its device; without them they are handed over at every step. */
  readonly fixed?: FixedWeights;
}

/** What a step computes, before it is opened on a device. */
export type StepGraph = Pick<StepSpec, 'builder' | 'objectives' | 'numbers'>;

export interface FixedWeights {
  readonly weights: Tensors;
  /** Kept in half precision. */
  readonly half: boolean;
}

export class TrainingStep {
  readonly #opened: DiskSession<ort.InferenceSession>;
  readonly #builder: GraphBuilder;
  readonly #trained: readonly string[];
  readonly #numbers: readonly string[];

  private constructor(
    opened: DiskSession<ort.InferenceSession>,
    builder: GraphBuilder,
    trained: string[],
    numbers: string[],
  ) {
    this.#opened = opened;
    this.#builder = builder;
    this.#trained = trained;
    this.#numbers = numbers;
  }

  /** Derives the gradients and opens the session. @throws GraphError when an operator has no gradient rule. */
  static async create({ builder, objectives, numbers, device, segments = 1, fixed }: StepSpec): Promise<TrainingStep> {
    const parameters = [...builder.parameters.values()].map(({ value }) => value);
    const trained: string[] = [];
    for (const { loss, trains = () => true } of objectives) {
      const mine = parameters.filter(({ name }) => trains(name));
      gradients(builder, loss, mine, { segments }).forEach((gradient, index) => {
        const { name } = mine[index]!;
        builder.output(`gradient.${name}`, gradient);
        trained.push(name);
      });
    }
    for (const [name, value] of Object.entries(numbers)) builder.output(`number.${name}`, value);
    finishEarly(builder);
    const opened = await openFromDisk(
      (weights) => writeOnnx(builder, fixed && { parameters: fixed.weights, half: fixed.half, partial: true, weights }),
      (path) => ort.InferenceSession.create(path, { ...sessionOptions(device), ...memoryFor(parameters) }),
    );
    return new TrainingStep(opened, builder, trained, Object.keys(numbers));
  }

  get trained(): readonly string[] {
    return this.#trained;
  }

  /** @throws Error when a feed or parameter is missing or of another size than declared. */
  async run(feeds: Feeds, parameters: Tensors): Promise<StepResult> {
    const { session } = this.#opened;
    const outputs = await session.run(tensorsFor(this.#builder, session, feeds, parameters));
    const numbers = Object.fromEntries(
      this.#numbers.map((name) => [name, Number(outputs[`number.${name}`]?.data[0])] as const),
    );
    const gradientMap = new Map(
      this.#trained.map((name) => [name, outputs[`gradient.${name}`]?.data as Float32Array] as const),
    );
    return { numbers, gradients: gradientMap };
  }

  async release(): Promise<void> {
    await this.#opened.release();
  }
}

/**
 * ONNX Runtime walks back from the results, from the last in the file on. In the order in which gradients are derived it would come to the
 * first layer's before all others, and hold every layer's input and gradient until then. Turned round, each weight's gradient is done as
 * soon as it can be: on 32 layers in 6 parts of activation checkpointing 458 MB instead of 1,364 (1,753 without checkpointing).
 */
function finishEarly({ nodes }: GraphBuilder): void {
  const used = new Set(nodes.flatMap(({ inputs }) => inputs.map((input) => input?.name)));
  const isResult = ({ outputs }: Node) => !outputs.some(({ name }) => used.has(name));
  const [results, others] = [nodes.filter(isResult), nodes.filter((node) => !isResult(node))];
  nodes.splice(0, nodes.length, ...others, ...results.reverse());
}

/** A network with its parameters as inputs, for evaluation while the parameters still move. */
export class ForwardPass {
  readonly #session: ort.InferenceSession;
  readonly #builder: GraphBuilder;

  private constructor(session: ort.InferenceSession, builder: GraphBuilder) {
    this.#session = session;
    this.#builder = builder;
  }

  /** @param builder with its outputs declared; all dimensions as built. */
  static async create(builder: GraphBuilder, device: Device): Promise<ForwardPass> {
    return new ForwardPass(await ort.InferenceSession.create(writeOnnx(builder), sessionOptions(device)), builder);
  }

  async run(feeds: Feeds, parameters: Tensors): Promise<Record<string, Float32Array>> {
    const outputs = await this.#session.run(tensorsFor(this.#builder, this.#session, feeds, parameters));
    return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, tensor.data as Float32Array]));
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** Numbers of a network's weights from which on memory is dearer than the time to ask for it. */
const LARGE = 2 ** 27;

/**
 * An arena keeps what it was ever asked for: the activations and gradients of a first step, and beside them those of all later ones, which follow
 * the pattern that the first left behind. `everything` of a UNet of 220 million weights at 256 × 256 took 6.0 GB in its first step and 6.8 from the
 * second on; without an arena 5.4 and 5.6, for 2 to 60 % more processor time a step.
 */
const memoryFor = (parameters: readonly Value[]): ort.InferenceSession.SessionOptions =>
  parameters.reduce((sum, { shape }) => sum + elements(shape), 0) >= LARGE ? { enableCpuMemArena: false } : {};

const sessionOptions = (device: Device): ort.InferenceSession.SessionOptions => ({
  executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
});

function tensorsFor(
  builder: GraphBuilder,
  session: ort.InferenceSession,
  feeds: Feeds,
  parameters: Tensors,
): Record<string, ort.Tensor> {
  const tensors: Record<string, ort.Tensor> = {};
  const wanted = new Set(session.inputNames);
  for (const value of [...builder.inputs, ...[...builder.parameters.values()].map((parameter) => parameter.value)]) {
    if (!wanted.has(value.name)) continue;
    const data = feeds[value.name] ?? parameters.get(value.name);
    if (!data) throw new Error(`training step: nothing was given for ${value.name}`);
    if (data.length !== elements(value.shape)) {
      throw new Error(`training step: ${value.name} needs [${value.shape}], got ${data.length} numbers`);
    }
    tensors[value.name] = tensorOf(value, data);
  }
  return tensors;
}

function tensorOf({ type, shape }: Value, data: Float32Array | Int32Array): ort.Tensor {
  if (type === 'int64')
    return new ort.Tensor(
      'int64',
      BigInt64Array.from(data, (value) => BigInt(Math.round(value))),
      [...shape],
    );
  return data instanceof Int32Array
    ? new ort.Tensor('int32', data, [...shape])
    : new ort.Tensor('float32', data, [...shape]);
}

/** Fresh values for all parameters of a graph that `known` does not hold yet, drawn from a seed per name. */
export function initializeParameters(
  builder: Pick<GraphBuilder, 'parameters'>,
  seed: number,
  known: Map<string, Float32Array> = new Map(),
): Map<string, Float32Array> {
  for (const [name, { value, initializer }] of builder.parameters) {
    if (!known.has(name)) known.set(name, draw(initializer, elements(value.shape), seed ^ hashOf(name)));
  }
  return known;
}

function draw(initializer: Initializer, count: number, seed: number): Float32Array {
  const noise = seededNoise(seed >>> 0);
  switch (initializer.kind) {
    case 'constant':
      return new Float32Array(count).fill(initializer.value);
    case 'normal':
      return Float32Array.from({ length: count }, () => noise.normal() * initializer.deviation);
    case 'uniform':
      return Float32Array.from({ length: count }, () => (2 * noise.uniform() - 1) * initializer.bound);
    default:
      return initializer satisfies never;
  }
}

/** FNV-1a over UTF-16 code units: a parameter's start depends on its name and the seed, not on the order of declaration. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
