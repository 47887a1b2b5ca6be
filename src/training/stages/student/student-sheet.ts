/** Pictures of fixed validation graphs and seeds: each of the teacher's above the student's. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { networkFiles, OnnxNetworks } from '#engine/picturebook/onnx-networks.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { documentOf } from '#graph/indexed-graph.ts';
import { paintMany } from '#training/evaluation/painting/paint-many.ts';
import type { StageContext } from '#training/run/context.ts';
import { paintersExamples } from '#training/stages/feeds/training-graphs.ts';
import { captionOf, planes } from '#training/stages/sheets/painted-sheet.ts';
import { type Tile, writeSheet } from '#training/stages/sheets/sheets.ts';
import { studentFile, type Teacher, type TrainedStudent } from './package-student.ts';

const COLUMNS = 8;

export async function studentSheet(
  { config, sheetFolder }: StageContext,
  { manifest, files, model }: Teacher,
  student: TrainedStudent,
  step: number,
): Promise<void> {
  const networks = await OnnxNetworks.open(nodeRuntime, { ...networkFiles(files), student: studentFile(student) });
  const painter = { ...model, student: student.way };
  const samples = paintersExamples(config, Math.min(COLUMNS, config.sheets.pictures)).map(({ sample }) => sample);
  const by = (sampler: 'student' | typeof manifest.defaults.sampler) =>
    paintMany(
      networks,
      painter,
      samples.map((sample, seed) => ({
        graph: documentOf(sample),
        settings: { ...manifest.defaults, seed, sampler, style: sample.style },
      })),
    );
  const pictures = [...(await by(manifest.defaults.sampler)), ...(await by('student'))];
  await networks.release();
  const tiles = pictures.map(
    ({ pixels, width }, i): Tile => ({
      image: planes(pixels, width),
      size: width,
      caption: captionOf(samples[i % samples.length]!),
    }),
  );
  mkdirSync(sheetFolder, { recursive: true });
  writeSheet(join(sheetFolder, `student-${String(step).padStart(6, '0')}.png`), tiles, samples.length);
}
