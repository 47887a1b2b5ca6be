/**
 * The stage `evaluate`: test graphs painted by the package, beside their photographs. What CLIP makes of both needs no other network; the
 * papers' scores do, and `npm run evaluate` has them.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Picture } from '#diffusion/picture.ts';
import { joined } from '#diffusion/tensor.ts';
import { loadAnyPackage } from '#engine/any-package.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import { Engine } from '#engine/engine.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { INDEX_FILE } from '#engine/stable-diffusion/package.ts';
import { documentOf } from '#graph/indexed-graph.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { frechetDistanceTo, gaussianOf } from '#training/evaluation/scores/frechet-distance.ts';
import { recallAt } from '#training/evaluation/scores/recall.ts';
import type { Score } from '#training/evaluation/scores/score.ts';
import { scoreTable } from '#training/evaluation/scores/score-table.ts';
import { packedRecordsOf } from '#training/evaluation/study/evaluation-preset.ts';
import { encodePng, readKeptPicture } from '#training/files/picture-file.ts';
import { pictureOfRgb } from '#training/files/picture-tensor.ts';
import { startProgress } from '#training/files/progress.ts';
import { replaceFile } from '#training/files/replace-file.ts';
import { openRecord } from '#training/files/shard-file.ts';
import { readDataSet } from '#training/import/data-set.ts';
import { openClipTower } from './clip/clip-tower.ts';
import { BaseModelError } from './input-error.ts';

export interface PackageEvaluation {
  /** The package, where pictures and scores go too. */
  readonly out: string;
  readonly data: string;
  readonly clip?: string | undefined;
  readonly samples: number;
  readonly seed: number;
}

/** Where the scores are, for the report. */
export const SCORES_FILE = 'evaluation.json';
const PICTURES = 'evaluation';

interface Painted {
  readonly real: Picture;
  readonly picture: Picture;
  /** The same seed, with one edge the other way; undefined for a graph without edges. */
  readonly turned?: Picture;
}

/** Goes on with the pictures that are there. @throws BaseModelError, EngineError or ImportInputError for what a user can mend */
export async function evaluatePackage({ out, data, clip, samples, seed }: PackageEvaluation): Promise<void> {
  if (!existsSync(join(out, INDEX_FILE)))
    throw new BaseModelError(`evaluate: there is no package in ${out}: run the stage package first`);
  const engine = await Engine.open(await loadAnyPackage(folderSource(out), { title: out }), nodeRuntime);
  const { sampler, steps, guidanceScale } = engine.manifest.defaults;
  const settings: GenerationSettings = { seed, steps, guidanceScale, sampler, style: 'any' };
  const painted = await paintTestGraphs(engine, { out, data, samples }, settings).finally(() => engine.release());
  if (painted.length === 0) throw new BaseModelError(`${data}: the test split holds no graph that the model can paint`);
  const scores = { turnedMoves: turnedMoves(painted), ...(clip === undefined ? {} : await clipScores(painted, clip)) };
  const run = { graphs: painted.length, seed, sampler, steps, guidanceScale };
  replaceFile(join(out, SCORES_FILE), Buffer.from(`${JSON.stringify({ run, ...scores }, null, 2)}\n`));
  process.stdout.write(`${scoreTable(Object.entries(scores))}\n`);
}

async function paintTestGraphs(
  engine: Engine,
  { out, data, samples }: Pick<PackageEvaluation, 'out' | 'data' | 'samples'>,
  settings: GenerationSettings,
): Promise<Painted[]> {
  const manifest = readDataSet(data);
  const folder = join(out, PICTURES);
  mkdirSync(folder, { recursive: true });
  const paint = async (graph: SceneGraph, name: string): Promise<Picture> => {
    const file = join(folder, `${name}.png`);
    const kept = await readKeptPicture(file);
    if (kept) return kept;
    const { picture } = await engine.generate(graph, settings);
    replaceFile(file, encodePng(picture));
    return picture;
  };
  const painted: Painted[] = [];
  const progress = startProgress('painting');
  try {
    for (const packed of packedRecordsOf(data, manifest, 'test')) {
      if (painted.length >= samples) break;
      progress.update(painted.length, samples);
      const graph = documentOf(packed.sample);
      if (!canPaint(engine, graph)) continue;
      const { rgb, size } = (await openRecord(packed, manifest.size, manifest.grid)).rendered;
      const other = withTurnedEdge(graph);
      painted.push({
        real: pictureOfRgb(rgb, size, size),
        picture: await paint(graph, String(packed.imageId)),
        ...(other && { turned: await paint(other, `${packed.imageId}-turned`) }),
      });
    }
  } finally {
    progress.close();
  }
  return painted;
}

function canPaint(engine: Engine, graph: SceneGraph): boolean {
  try {
    engine.checkGraph(graph);
    return true;
  } catch {
    return false;
  }
}

/** The first edge between two labels, the other way round. */
function withTurnedEdge(graph: SceneGraph): SceneGraph | undefined {
  const labelOf = (id: string) => graph.objects.find((object) => object.id === id)?.label;
  const edge = graph.relations.find(({ subject, object }) => labelOf(subject) !== labelOf(object));
  if (!edge) return undefined;
  const turned = { ...edge, subject: edge.object, object: edge.subject };
  return { ...graph, relations: graph.relations.map((each) => (each === edge ? turned : each)) };
}

const bare = { interval: null, ceiling: null, floor: null } as const;

/** Mean difference of pixels, of 1, that turning one edge round makes. */
function turnedMoves(painted: readonly Painted[]): Score {
  const moves = painted.flatMap(({ picture, turned }) => (turned ? [difference(picture, turned)] : []));
  const value = moves.length === 0 ? null : meanOf(moves);
  return { ...bare, value, floor: 0, n: moves.length, unit: 'graphs' };
}

const difference = (a: Picture, b: Picture): number =>
  a.pixels.reduce((sum, value, i) => sum + Math.abs(value - b.pixels[i]!), 0) / (255 * 3 * a.width * a.height);

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

async function clipScores(painted: readonly Painted[], file: string): Promise<Record<string, Score>> {
  const tower = await openClipTower(file);
  const [ours, theirs]: [Float32Array[], Float32Array[]] = [[], []];
  for (const { picture, real } of painted) {
    ours.push(await tower.encode(picture));
    theirs.push(await tower.encode(real));
  }
  await tower.release();
  const n = painted.length;
  const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const others = ours.flatMap((row, i) => theirs.flatMap((other, j) => (i === j ? [] : [cosine(row, other)])));
  const [recall = 0] = recallAt(joined(ours), joined(theirs), ours[0]!.length, [1]);
  const each = { ...bare, n, unit: 'pictures' };
  return {
    clipCosine: {
      ...each,
      value: meanOf(ours.map((row, i) => cosine(row, theirs[i]!))),
      ceiling: 1,
      floor: others.length > 0 ? meanOf(others) : null,
    },
    clipRecallAt1: { ...each, value: recall, ceiling: 1, floor: 1 / n },
    fdClip: { ...each, value: n > 1 ? frechetDistanceTo(gaussianOf(theirs))(gaussianOf(ours)) : null, ceiling: 0 },
  };
}

/** Of a package, or none. */
export function readScores(out: string): Record<string, unknown> {
  const file = join(out, SCORES_FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
}
