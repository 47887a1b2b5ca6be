/** How fast this machine multiplies: hours of training mean something beside it alone. */
import * as ort from 'onnxruntime-node';
import { seededNoise } from '#diffusion/sampling/noise.ts';
import { writeOnnx } from '#onnx/file/onnx-file.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { matMul } from '#onnx/ops/matrix.ts';

const SIZE = 1024;
const ROUNDS = 7;

/** FLOP/s of a 1024³ product in single precision on the processor: the median of seven, after one that is not counted. */
export async function matMulRate(): Promise<number> {
  const g = new GraphBuilder();
  g.output('c', matMul(g, g.input('a', [SIZE, SIZE]), g.input('b', [SIZE, SIZE])));
  const session = await ort.InferenceSession.create(writeOnnx(g));
  const noise = seededNoise(1);
  const matrix = () => new ort.Tensor('float32', noise.normals(SIZE * SIZE), [SIZE, SIZE]);
  const feeds = { a: matrix(), b: matrix() };
  const seconds: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    await session.run(feeds);
    seconds.push((performance.now() - start) / 1000);
  }
  await session.release();
  const middle = seconds.slice(1).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
  return (2 * SIZE ** 3) / middle;
}
