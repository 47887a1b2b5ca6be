/** The trained adapter as part of a package: the folder it was trained for, `graph_adapter/model.onnx`, and the UNet where that learned too. */
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { ADAPTER_CONFIG, ADAPTER_FOLDER, INDEX_FILE } from '#engine/stable-diffusion/layout.ts';
import { writeOnnx } from '#onnx/file/onnx-file.ts';
import type { ExternalPlace } from '#onnx/file/weights-file.ts';
import { withWeights } from '#onnx/file/with-weights.ts';
import { GraphBuilder } from '#onnx/graph-builder.ts';
import { writeAt } from '#training/files/pieces.ts';
import { replaceFolder } from '#training/files/replace-file.ts';
import { type GraphAdapterConfig, graphAdapter, graphAdapterInputs } from '#training/networks/graph-adapter.ts';
import { UNET_FILE } from './base-model.ts';
import { type FinetuneGraph, updateName } from './finetune-step.ts';
import { BaseModelError } from './input-error.ts';

/** Any batch, text, and number of objects and relations. */
export function adapterModel(
  config: GraphAdapterConfig,
  width: number,
  parameters: ReadonlyMap<string, Float32Array>,
): Uint8Array {
  const g = new GraphBuilder();
  const inputs = graphAdapterInputs(g, { batch: 1, objects: 2, relations: 2, tokens: 2, length: 2, width });
  g.output('s_cond', graphAdapter(g, config, inputs).sCond);
  const [batch, text, length, objects, relations] = ['batch', 'tokens', 'length', 'objects', 'relations'];
  return writeOnnx(g, {
    parameters,
    dynamic: {
      hidden_states: { 0: batch, 1: text },
      object_places: { 0: batch, 1: objects, 2: text },
      relation_places: { 0: batch, 1: relations, 2: text },
      text_places: { 0: batch, 1: length, 2: text },
      global_places: { 0: batch, 1: length },
      subjects: { 0: batch, 1: relations, 2: objects },
      objects: { 0: batch, 1: relations, 2: objects },
      object_mask: { 0: batch, 1: objects },
      relation_mask: { 0: batch, 1: relations },
      s_cond: { 0: batch, 1: length },
    },
  });
}

/** Weights of the UNet that training moved, by their names in its file. */
export function movedWeights(
  { weights, updated, trains }: Pick<FinetuneGraph, 'weights' | 'updated' | 'trains'>,
  parameters: ReadonlyMap<string, Float32Array>,
): Map<string, Float32Array> {
  const moved = new Map<string, Float32Array>();
  for (const name of weights.keys()) if (trains(name)) moved.set(name, parameters.get(name)!);
  for (const name of updated) {
    const [down, up] = [parameters.get(updateName(name, 'down'))!, parameters.get(updateName(name, 'up'))!];
    moved.set(name, withUpdate(weights.get(name)!, down, up));
  }
  return moved;
}

/** W + down · up; rows × rank and rank × columns. */
function withUpdate(weight: Float32Array, down: Float32Array, up: Float32Array): Float32Array {
  const area = weight.length;
  const rank = Math.round(Math.sqrt((down.length * up.length) / area));
  const [rows, columns] = [down.length / rank, up.length / rank];
  const sum = weight.slice();
  for (let row = 0; row < rows; row++) {
    for (let r = 0; r < rank; r++) {
      const share = down[row * rank + r]!;
      for (let column = 0; column < columns; column++) {
        const at = row * columns + column;
        sum[at] = sum[at]! + share * up[r * columns + column]!;
      }
    }
  }
  return sum;
}

export interface ExportedPackage {
  readonly from: string;
  readonly to: string;
  readonly adapter: { readonly model: Uint8Array; readonly config: GraphAdapterConfig };
  readonly unet: ReadonlyMap<string, Float32Array>;
}

/** A package is never written over, nor into, the one that it comes from, and nothing but a package is replaced. @throws BaseModelError */
export function checkTarget(from: string, to: string): void {
  const inside = relative(resolve(from), resolve(to));
  if (inside === '' || !(inside.startsWith('..') || isAbsolute(inside))) {
    throw new BaseModelError(`${to} is the package itself, or lies in it: name another folder with --out`);
  }
  if (!existsSync(to) || existsSync(join(to, INDEX_FILE))) return;
  if (!statSync(to).isDirectory()) throw new BaseModelError(`${to} is a file: name a folder with --out`);
  if (readdirSync(to).length > 0) {
    throw new BaseModelError(`${to} holds something else than a package: name a new or empty folder with --out`);
  }
}

/** Written beside its place and moved there when it is whole. @throws BaseModelError as `checkTarget`, and FullDiskError */
export function exportPackage({ from, to, adapter, unet }: ExportedPackage): void {
  checkTarget(from, to);
  replaceFolder(to, (fresh) => {
    cpSync(from, fresh, { recursive: true, dereference: true });
    mkdirSync(join(fresh, ADAPTER_FOLDER), { recursive: true });
    writeFileSync(join(fresh, ADAPTER_FOLDER, 'model.onnx'), adapter.model);
    writeFileSync(join(fresh, ADAPTER_CONFIG), `${JSON.stringify(adapter.config, null, 2)}\n`);
    if (unet.size > 0) writeUnet(fresh, unet);
  });
}

/** What lies in files of weights is overwritten there, tensor by tensor. */
function writeUnet(folder: string, weights: ReadonlyMap<string, Float32Array>): void {
  const file = join(folder, UNET_FILE);
  const overwrite = ({ location, offset }: ExternalPlace, bytes: Uint8Array) => {
    const handle = openSync(join(dirname(file), location), 'r+');
    try {
      writeAt(handle, bytes, offset);
    } finally {
      closeSync(handle);
    }
  };
  writeFileSync(file, withWeights(readFileSync(file), weights, overwrite));
}
