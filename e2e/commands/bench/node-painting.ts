import * as ort from 'onnxruntime-node';
import { buildGraphTokens, type TokenGraph } from '#diffusion/tokens.ts';
import { Engine } from '#engine/engine.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { loadPackage, type ModelPackage } from '#engine/package/package-loader.ts';
import { labelEmbeddingOf } from '#engine/picturebook/label-embedding.ts';
import { networkFiles, OnnxNetworks } from '#engine/picturebook/onnx-networks.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { modelFolder } from '#training/files/model-folder.ts';
import { type Effort, type Figure, figure, median, secondsOf } from './figures.ts';
import { paintingFigures, timePictures } from './painting.ts';
import { clockSessions } from './session-clock.ts';

/** Pictures in Node, the encoder's cost against the size of its graph, and the memory that it all took at most. */
export async function measureNode({ rounds, isQuick }: Effort): Promise<Figure[]> {
  const modelPackage = await loadPackage(folderSource(modelFolder('picturebook')));
  const clock = clockSessions(ort.InferenceSession);
  const start = performance.now();
  const engine = await Engine.open(modelPackage, nodeRuntime);
  const opening = performance.now() - start;
  const pictures = await timePictures(engine, clock, rounds, isQuick ? 2 : undefined);
  await engine.release();
  const memory = process.resourceUsage().maxRSS / 1024;
  return [
    figure('Node: opening the package', 'ms', [opening]),
    ...paintingFigures('Node', pictures),
    figure('Node: most memory of the process', 'MB', [memory]),
    ...(await measureEncoder(modelPackage, { rounds, isQuick })),
  ];
}

/** Objects; three relations each. */
const SIZES = [10, 30, 100, 300, 1000];

async function measureEncoder({ files, manifest }: ModelPackage, { rounds, isQuick }: Effort): Promise<Figure[]> {
  const networks = await OnnxNetworks.open(nodeRuntime, networkFiles(files));
  const { objects: labels, predicates } = manifest.vocabulary;
  const embedding = labelEmbeddingOf({ manifest, files });
  const spec = { predicates, labels, styles: manifest.styles, embedding };
  const sizes = isQuick ? SIZES.slice(0, 2) : SIZES;
  const figures: Figure[] = [];
  const times: number[] = [];
  for (const size of sizes) {
    const graph = graphOfSize(size, manifest.vocabulary);
    const seconds = await secondsOf(rounds, () => networks.encodeGraph(buildGraphTokens([graph], spec)));
    times.push(median(seconds));
    const name = `graph encoder: ${size} objects, ${3 * size} relations`;
    figures.push(
      figure(
        name,
        'ms',
        seconds.map((each) => 1000 * each),
      ),
    );
  }
  await networks.release();
  return [...figures, figure('graph encoder: exponent of its cost in the size', '', [exponent(sizes, times)])];
}

function graphOfSize(size: number, { objects, predicates }: ModelPackage['manifest']['vocabulary']): TokenGraph {
  const named = <Word>(words: readonly Word[], i: number): Word => words[i % words.length] as Word;
  return {
    objects: Array.from({ length: size }, (_, i) => ({ label: named(objects, i), attributes: [] })),
    relations: Array.from({ length: 3 * size }, (_, i) => ({
      subject: i % size,
      predicate: named(predicates, i),
      object: (i * 7 + 1 + Math.floor(i / size)) % size,
    })),
    style: 'any',
  };
}

/** k of time ∝ size^k: the slope of the line through the logarithms, by least squares. */
function exponent(sizes: readonly number[], times: readonly number[]): number {
  const [x, y] = [sizes, times].map((values) => values.map(Math.log)) as [number[], number[]];
  const mean = (values: readonly number[]) => values.reduce((total, each) => total + each, 0) / values.length;
  const [middleX, middleY] = [mean(x), mean(y)];
  const products = x.map((each, i) => (each - middleX) * (y[i]! - middleY));
  return mean(products) / mean(x.map((each) => (each - middleX) ** 2));
}
