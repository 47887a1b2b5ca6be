/** A package by whatever a user may call it on the command line. */
import { existsSync } from 'node:fs';
import { type AnyPackage, kindOfPackage, loadAnyPackage, needsOfPackage } from '#engine/any-package.ts';
import { checkPlace, describePlace, type ModelPlace } from '#engine/contract/model-place.ts';
import { sizeText } from '#engine/contract/size-text.ts';
import { Engine } from '#engine/engine.ts';
import { farSource } from '#engine/host/browser-source.ts';
import { diskStore } from '#engine/package/file-store-disk.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import type { ModelSource } from '#engine/package/package-loader.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { modelFolder } from '#training/files/model-folder.ts';

export interface OpenedModel {
  readonly model: AnyPackage;
  readonly engine: Engine;
}

/** A package that was found, and of which nothing but its manifest was read. */
export interface FoundModel {
  readonly source: ModelSource;
  readonly title: string;
  readonly kind: AnyPackage['kind'];
  readonly isFar: boolean;
}

/** @throws EngineError model-not-found, model-damaged or model-unsupported */
export async function findModel(model: string, hub: string): Promise<FoundModel> {
  const place = placeOf(model, hub);
  const source = place ? farSource(place, diskStore()) : folderSource(modelFolder(model));
  const title = place ? describePlace(place) : model;
  return { source, title, kind: await kindOfPackage(source), isFar: place !== undefined };
}

/** Opens a package, fetching what is not here. @param over to paint over pictures */
export async function openModel({ source, title, isFar }: FoundModel, { over = false } = {}): Promise<OpenedModel> {
  if (isFar) {
    const { bytes, kept } = await needsOfPackage(source, { title, over });
    if (kept < bytes) process.stderr.write(`Fetching ${sizeText(bytes - kept)} of ${sizeText(bytes)}.\n`);
  }
  const onProgress = process.stderr.isTTY ? showProgress : () => undefined;
  const model = await loadAnyPackage(source, { title, over, onProgress });
  return { model, engine: await Engine.open(model, nodeRuntime) };
}

function showProgress({ file, loaded, total }: { file: string; loaded: number; total: number }): void {
  const end = loaded >= total ? '\n' : '';
  process.stderr.write(`\r\x1b[K${sizeText(loaded)} of ${sizeText(total)}  ${file}${end}`);
}

/** An address, or OWNER/NAME where no folder of that name is here; undefined for what lies on this machine. */
export function placeOf(model: string, hub: string): Extract<ModelPlace, { type: 'url' | 'hub' }> | undefined {
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(model);
  const isName = /^[\w-][\w.-]*\/[\w.@/-]+$/.test(model) && !existsSync(model);
  if (!isAddress && !isName) return undefined;
  const place = checkPlace(isAddress ? { type: 'url', url: model } : { type: 'hub', name: model, hub });
  return place.type === 'url' || place.type === 'hub' ? place : undefined;
}
