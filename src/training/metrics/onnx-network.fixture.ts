/** Small real .onnx files for the tests of what users point the evaluation to. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Value } from '#onnx/graph.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { writeOnnx } from '#onnx/onnx-file.ts';
import { type OnnxNetwork, openNetwork } from './onnx-network.ts';

/**
 * Writes a network without parameters to a file and opens it.
 * @param inputs shapes by name; the first dimension is the batch and may vary.
 */
export async function smallNetwork(
  inputs: Readonly<Record<string, readonly number[]>>,
  build: (g: GraphBuilder, inputs: Readonly<Record<string, Value>>) => Readonly<Record<string, Value>>,
): Promise<OnnxNetwork> {
  const g = new GraphBuilder();
  const values = Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, g.input(name, shape)]));
  const outputs = build(g, values);
  for (const [name, value] of Object.entries(outputs)) g.output(name, value);
  const names = [...Object.keys(inputs), ...Object.keys(outputs)];
  const dynamic = Object.fromEntries(names.map((name) => [name, { 0: 'batch' }]));
  const path = join(mkdtempSync(join(tmpdir(), 'sgraffito-')), 'network.onnx');
  writeFileSync(path, writeOnnx(g, { dynamic }));
  return openNetwork(path);
}
