/**
 * Mixed precision (Micikevicius et al. 2018): matrix products and convolutions in half precision, everything else, the weights that learn
 * included, in single. Their gradients come out of the same rules in half precision, so the loss is scaled to keep small ones from vanishing.
 */
import type { Value } from '#onnx/graph.ts';
import type { GraphBuilder } from '#onnx/graph-builder.ts';
import { cast } from '#onnx/ops/layout.ts';
import type { StepResult } from '#training/trainer/training-step.ts';

/** What takes the time; the rest is cheap and needs the range. */
const HEAVY = new Set(['MatMul', 'Conv']);

/** Turns the nodes from `from` on. Their results keep their names and types. */
export function inHalfPrecision(g: GraphBuilder, from: number): void {
  const halves = new Map<string, Value>();
  const half = (value: Value | undefined): Value | undefined => {
    if (value?.type !== 'float32') return value;
    const known = halves.get(value.name) ?? cast(g, value, 'float16');
    halves.set(value.name, known);
    return known;
  };
  for (const node of g.nodes.splice(from)) {
    const [output] = node.outputs;
    if (!HEAVY.has(node.op) || output?.type !== 'float32') {
      g.nodes.push(node);
      continue;
    }
    const result = g.one(node.op, node.inputs.map(half), node.attributes, node.domain);
    const single = cast(g, result, 'float32');
    // The cast gives the value under its old name: every reader stays as it is.
    g.nodes.push({ ...g.nodes.pop()!, outputs: [{ ...single, name: output.name }] });
  }
}

const START = 2 ** 12;
const LARGEST = 2 ** 20;
/** Steps without an overflow after which a larger scale is tried. */
const PATIENCE = 500;

/** The factor on the loss: halved when a gradient overflows, doubled when none has for a while. */
export class LossScale {
  #scale = START;
  #good = 0;

  /**
   * @param step with the loss times the factor that it is given
   * @returns gradients of the loss itself
   * @throws Error when not even a factor of 1 keeps them finite
   */
  async run(step: (scale: number) => Promise<StepResult>): Promise<StepResult> {
    while (true) {
      const scale = this.#scale;
      const { numbers, gradients } = await step(scale);
      if ([...gradients.values()].every((gradient) => gradient.every(Number.isFinite))) {
        this.#good += 1;
        if (this.#good >= PATIENCE && scale < LARGEST) [this.#scale, this.#good] = [2 * scale, 0];
        return {
          numbers,
          gradients: new Map([...gradients].map(([name, data]) => [name, data.map((x) => x / scale)])),
        };
      }
      if (scale === 1)
        throw new Error('half precision overflows at every scale of the loss: train in single precision');
      [this.#scale, this.#good] = [scale / 2, 0];
    }
  }
}
