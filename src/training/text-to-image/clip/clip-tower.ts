/** CLIP's image tower out of a user's ONNX file: what G_global is aligned with. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ort from 'onnxruntime-node';
import type { Picture } from '#diffusion/picture.ts';
import { sizeOf } from '#diffusion/tensor.ts';
import { openOrtSession } from '#engine/runtime/ort.ts';
import { decodeModel } from '#onnx/file/onnx-reader.ts';
import { type ModelMessage, ModelProto } from '#onnx/file/proto.ts';
import { pruned } from '#onnx/file/prune.ts';
import { allBroughtIn, broughtIn, movedOut, type ReadExternal, type WeightsFile } from '#onnx/file/weights-file.ts';
import { readPiece } from '#training/files/pieces.ts';
import { finite } from '#training/text-to-image/finite.ts';
import { BaseModelError } from '#training/text-to-image/input-error.ts';
import { openFromDisk } from '#training/trainer/model-on-disk.ts';
import { clipPixels } from './clip-pixels.ts';

export interface ClipTower {
  /** (C) of unit length. */
  encode(picture: Picture): Promise<Float32Array>;
  release(): Promise<void>;
}

const FEATURE = 'image_embeds';

/**
 * Takes the image tower alone, or the file with both towers as Optimum exports it, of which it keeps what the feature depends on.
 * @throws BaseModelError when the file is no such tower
 */
export async function openClipTower(file: string): Promise<ClipTower> {
  const tower = towerOf(file);
  const [input] = tower.graph?.input ?? [];
  const side = Number(input?.type?.tensorType?.shape?.dim?.[2]?.dimValue ?? 0) || undefined;
  const opened = await openFromDisk(
    (weights) => encoded(tower, weights, besides(file)),
    (path) => openOrtSession(ort, path, { executionProviders: ['cpu'], logSeverityLevel: 3 }),
  ).catch((error: Error) => {
    if (error instanceof BaseModelError) throw error;
    throw new BaseModelError(`${file} cannot be opened as an ONNX model: ${firstLine(error)}`);
  });
  return {
    async encode(picture) {
      const outputs = await opened.session.run({ [input!.name]: clipPixels(picture, side) }).catch((error: Error) => {
        throw new BaseModelError(`${file} cannot be run on a picture: ${firstLine(error)}`);
      });
      const feature = outputs[FEATURE] ?? Object.values(outputs).find(({ dims }) => dims.length === 2);
      if (!feature)
        throw new BaseModelError(`${file} gives no feature: an output "${FEATURE}" or one of (B, C) is needed`);
      const vector = finite(feature.data.subarray(0, sizeOf(feature.dims.slice(1))), file);
      const length = Math.hypot(...vector);
      return vector.map((value) => value / length);
    },
    release: () => opened.release(),
  };
}

function towerOf(file: string): ModelMessage {
  let model: ModelMessage;
  try {
    model = decodeModel(new Uint8Array(readFileSync(file)));
  } catch (error) {
    throw new BaseModelError(`${file} cannot be opened as an ONNX model: ${firstLine(error as Error)}`);
  }
  const outputs = (model.graph?.output ?? []).map(({ name }) => name);
  const tower = outputs.includes(FEATURE) ? pruned(model, [FEATURE]) : model;
  const inputs = tower.graph?.input ?? [];
  if (inputs.length === 1) return tower;
  throw new BaseModelError(
    `${file} turns ${inputs.map(({ name }) => name).join(', ') || 'nothing'} into ${outputs.join(', ') || 'nothing'}; pixel_values into ${FEATURE} is needed: export CLIP with its image tower`,
  );
}

function encoded(model: ModelMessage, weights: WeightsFile, external: ReadExternal): Uint8Array {
  const { graph } = model;
  const initializer = (graph?.initializer ?? []).map((tensor) => movedOut(broughtIn(tensor, external), weights));
  const light = allBroughtIn(
    { ...model, graph: { ...graph, initializer } },
    external,
    new Set(initializer.map(({ name }) => name ?? '')),
  );
  return ModelProto.encode(ModelProto.fromObject(light)).finish();
}

const besides =
  (file: string): ReadExternal =>
  (location, offset, length) => {
    if (!/^(\.\/)?[\w][\w. -]*$/.test(location)) {
      throw new BaseModelError(`${file} keeps weights in "${location.slice(0, 80)}", which is not beside it`);
    }
    try {
      return readPiece(join(dirname(file), location), offset, length);
    } catch (error) {
      throw new BaseModelError(`${file}: its weights cannot be read: ${firstLine(error as Error)}`);
    }
  };

const firstLine = ({ message }: Error): string => message.split('\n')[0]!;
