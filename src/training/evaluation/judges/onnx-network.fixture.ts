/** Small real .onnx files for the tests of what users point the evaluation to. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeOnnx } from '#onnx/file/onnx-file.ts';
import type { Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { type OnnxNetwork, openNetwork } from './onnx-network.ts';

type Inputs = Readonly<Record<string, readonly number[]>>;
type Build = (g: GraphBuilder, inputs: Readonly<Record<string, Value>>) => Readonly<Record<string, Value>>;

/**
 * Writes a network without parameters to a file and returns its path.
 * @param inputs shapes by name; the first dimension is the batch and may vary.
 */
export function writeNetwork(inputs: Inputs, build: Build): string {
  const g = new GraphBuilder();
  const values = Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, g.input(name, shape)]));
  const outputs = build(g, values);
  for (const [name, value] of Object.entries(outputs)) g.output(name, value);
  const names = [...Object.keys(inputs), ...Object.keys(outputs)];
  const dynamic = Object.fromEntries(names.map((name) => [name, { 0: 'batch' }]));
  const path = join(mkdtempSync(join(tmpdir(), 'sgraffito-')), 'network.onnx');
  writeFileSync(path, writeOnnx(g, { dynamic }));
  return path;
}

/** Writes a network and opens it. */
export const smallNetwork = (inputs: Inputs, build: Build): Promise<OnnxNetwork> =>
  openNetwork(writeNetwork(inputs, build));
