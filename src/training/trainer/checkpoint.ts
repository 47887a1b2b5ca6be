/** Checkpoints as safetensors files, replaced atomically: a kill at any moment leaves the last whole one. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { elements, type Value } from '#onnx/graph.ts';
import type { AdamWState } from '#onnx/optimizer.ts';
import { readTensorFile, tensorFileMetadata, writeTensorFile } from '#training/files/tensor-file.ts';

export interface Checkpoint {
  readonly parameters: Map<string, Float32Array>;
  readonly ema: Map<string, Float32Array>;
  readonly optimizer: AdamWState;
  /** Seconds trained so far. */
  readonly seconds: number;
}

const GROUPS = ['parameters', 'ema', 'first', 'second'] as const;

export class CheckpointStore {
  readonly folder: string;
  readonly #config: string;
  readonly #upstream: CheckpointStore | undefined;

  /**
   * @param config goes into every file, so that a checkpoint says what it belongs to.
   * @param upstream has the weights of stages that were not trained here; nothing is ever written to it.
   */
  constructor(folder: string, config: unknown, upstream?: CheckpointStore) {
    this.folder = folder;
    this.#upstream = upstream;
    this.#config = JSON.stringify(config);
    mkdirSync(folder, { recursive: true });
  }

  async load(stage: string): Promise<Checkpoint | undefined> {
    const file = this.#checkpointFile(stage);
    if (!existsSync(file)) return undefined;
    const { tensors, metadata } = readTensorFile(file);
    const group = (name: (typeof GROUPS)[number]) =>
      new Map(
        [...tensors]
          .filter(([key]) => key.startsWith(`${name}:`))
          .map(([key, data]) => [key.slice(name.length + 1), data] as const),
      );
    return {
      parameters: group('parameters'),
      ema: group('ema'),
      optimizer: { step: Number(metadata.step), first: group('first'), second: group('second') },
      seconds: Number(metadata.seconds),
    };
  }

  async save(stage: string, checkpoint: Checkpoint): Promise<void> {
    const { parameters, ema, optimizer, seconds } = checkpoint;
    const tensors = new Map<string, Float32Array>();
    const groups = { parameters, ema, first: optimizer.first, second: optimizer.second };
    for (const name of GROUPS) {
      for (const [key, data] of groups[name]) tensors.set(`${name}:${key}`, data);
    }
    const metadata = { step: String(optimizer.step), seconds: String(seconds), config: this.#config };
    writeTensorFile(this.#checkpointFile(stage), tensors, metadata);
  }

  /** Writes a stage's finished weights for the stages after it. */
  async publish(stage: string, weights: ReadonlyMap<string, Float32Array>): Promise<void> {
    writeTensorFile(this.#weightsFile(stage), weights, { config: this.#config });
  }

  /** Whether a stage is finished, or has at least a checkpoint to take weights from. */
  hasWeights(stage: string): boolean {
    return this.#isOwn(stage) || (this.#upstream?.hasWeights(stage) ?? false);
  }

  /** Seconds of training behind a stage's last checkpoint. */
  async secondsTrained(stage: string): Promise<number> {
    if (this.#upstream && !this.#isOwn(stage)) return this.#upstream.secondsTrained(stage);
    const file = this.#checkpointFile(stage);
    return existsSync(file) ? Number(tensorFileMetadata(file).seconds) : 0;
  }

  /** Steps behind a stage's last checkpoint: what it has seen, it is not shown again when it goes on. */
  async stepsTrained(stage: string): Promise<number> {
    const file = this.#checkpointFile(stage);
    return existsSync(file) ? Number(tensorFileMetadata(file).step) : 0;
  }

  /**
   * A stage's finished weights; while it is still training, the averaged weights of its last checkpoint.
   * @throws Error naming the stage to run when there are neither.
   */
  async weights(stage: string): Promise<Map<string, Float32Array>> {
    if (this.#upstream && !this.#isOwn(stage)) return this.#upstream.weights(stage);
    const file = this.#weightsFile(stage);
    if (existsSync(file)) return readTensorFile(file).tensors;
    const checkpoint = await this.load(stage);
    if (!checkpoint) throw new Error(`no weights of stage "${stage}": run "npm run train -- ${stage}" first`);
    return new Map([...checkpoint.parameters, ...checkpoint.ema]);
  }

  #isOwn(stage: string): boolean {
    return existsSync(this.#weightsFile(stage)) || existsSync(this.#checkpointFile(stage));
  }

  #checkpointFile(stage: string): string {
    return join(this.folder, `${stage}.checkpoint.safetensors`);
  }

  #weightsFile(stage: string): string {
    return join(this.folder, `${stage}.weights.safetensors`);
  }
}

/** Keeps the given parameters that a graph declares, by name and size. */
export function parametersFor(
  declared: ReadonlyMap<string, { readonly value: Value }>,
  ...sources: readonly ReadonlyMap<string, Float32Array>[]
): Map<string, Float32Array> {
  const found = new Map<string, Float32Array>();
  for (const [name, { value }] of declared) {
    for (const source of sources) {
      const data = source.get(name);
      if (data?.length === elements(value.shape)) found.set(name, data);
    }
  }
  return found;
}
