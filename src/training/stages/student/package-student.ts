/** The package that a student learns from, and becomes a part of. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PaintModel } from '#diffusion/pipeline.ts';
import type { StudentWay } from '#diffusion/sampling/samplers/student.ts';
import type { TokenSpec } from '#diffusion/tokens.ts';
import { type Manifest, STUDENT_FILE } from '#engine/contract/manifest.ts';
import { toHalf } from '#engine/formats/float16.ts';
import { type SafetensorsTensor, writeSafetensors } from '#engine/formats/safetensors.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { loadPackage, type ModelPackage } from '#engine/package/package-loader.ts';
import { labelEmbeddingOf } from '#engine/picturebook/label-embedding.ts';
import { networkFiles, OnnxNetworks } from '#engine/picturebook/onnx-networks.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { replaceFolder } from '#training/files/replace-file.ts';
import { fileEntry } from '#training/package/file-entry.ts';
import { writeModelCard } from '#training/package/model-card.ts';
import type { StageContext } from '#training/run/context.ts';

export interface Teacher {
  readonly manifest: Manifest;
  readonly files: ModelPackage['files'];
  readonly networks: OnnxNetworks;
  readonly model: PaintModel;
  readonly tokenSpec: TokenSpec;
  release(): Promise<void>;
}

/** @throws EngineError when the package is missing or damaged */
export async function openTeacher(folder: string): Promise<Teacher> {
  const { manifest, files } = await loadPackage(folderSource(folder));
  const networks = await OnnxNetworks.open(nodeRuntime, networkFiles(files));
  const { objects, predicates } = manifest.vocabulary;
  const embedding = labelEmbeddingOf({ manifest, files });
  return {
    manifest,
    files,
    networks,
    model: { ...manifest, embedding },
    tokenSpec: { predicates, labels: objects, styles: manifest.styles, embedding },
    release: () => networks.release(),
  };
}

export interface TrainedStudent {
  readonly way: StudentWay;
  /** By the names of UPDATE. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

/** Bytes of student.safetensors, in half precision. */
export function studentFile({ weights, shapes }: Pick<TrainedStudent, 'weights' | 'shapes'>): Uint8Array {
  const tensors = [...weights].map(([name, data]): [string, SafetensorsTensor] => [
    name,
    { dtype: 'F16', shape: shapes.get(name)!, data: toHalf(data) },
  ]);
  return writeSafetensors(new Map(tensors));
}

/** The package with this student in place of its last one; the rest of it stays. */
export async function addStudent(
  { config, store, say }: StageContext,
  folder: string,
  student: TrainedStudent,
): Promise<void> {
  const { manifest } = await loadPackage(folderSource(folder));
  const bytes = studentFile(student);
  const { seconds } = manifest.training;
  const taught: Manifest = {
    ...manifest,
    student: { ...student.way, sigmas: [...student.way.sigmas] },
    files: { ...manifest.files, [STUDENT_FILE]: fileEntry(bytes) },
    training: {
      ...manifest.training,
      student: config.student,
      seconds: { ...(seconds as object), student: Math.round(await store.secondsTrained('student')) },
    },
  };
  replaceFolder(folder, (fresh) => {
    cpSync(folder, fresh, { recursive: true });
    writeFileSync(join(fresh, STUDENT_FILE), bytes);
    writeFileSync(join(fresh, 'manifest.json'), `${JSON.stringify(taught, null, 1)}\n`);
    writeModelCard(fresh, taught);
  });
  say(`student: ${join(folder, STUDENT_FILE)}, ${(bytes.length / 2 ** 20).toFixed(1)} MB`);
}
