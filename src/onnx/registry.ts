/** Every operator that the smith knows, by name. */
import type { OpDefinition } from './op-definition.ts';
import { activationOps } from './ops/activation.ts';
import { arithmeticOps } from './ops/arithmetic.ts';
import { convolutionOps } from './ops/convolution.ts';
import { cuttingOps } from './ops/cutting.ts';
import { indexingOps } from './ops/indexing.ts';
import { layoutOps } from './ops/layout.ts';
import { matrixOps } from './ops/matrix.ts';
import { normalizationOps } from './ops/normalization.ts';
import { poolingOps } from './ops/pooling.ts';
import { reductionOps } from './ops/reduction.ts';

const definitions = new Map<string, OpDefinition>();
const all = [
  arithmeticOps,
  activationOps,
  matrixOps,
  layoutOps,
  cuttingOps,
  indexingOps,
  reductionOps,
  normalizationOps,
  convolutionOps,
  poolingOps,
];
for (const definition of all.flat()) definitions.set(definition.op, definition);

/** Undefined for operators of other domains than ONNX's own. */
export function definitionOf(op: string, domain = ''): OpDefinition | undefined {
  return domain === '' || domain === 'ai.onnx' ? definitions.get(op) : undefined;
}

/** Names of all known operators, for tests that must cover each of them. */
export function knownOperators(): string[] {
  return [...definitions.keys()];
}
