/** Which weights a package has, whatever it is called. */
import { createHash } from 'node:crypto';
import type { AnyPackage } from '#engine/any-package.ts';
import type { LargeFile } from '#engine/package/package-loader.ts';
import { ADAPTER_FOLDER, NETWORKS } from '#engine/stable-diffusion/layout.ts';

/** SHA-256 of every file with weights, by its path in the package. */
export async function packageHashes(model: AnyPackage): Promise<Record<string, string>> {
  if (model.kind === 'picturebook') {
    return Object.fromEntries(Object.entries(model.manifest.files).map(([path, { sha256 }]) => [path, sha256]));
  }
  const folders = { ...NETWORKS, adapter: ADAPTER_FOLDER };
  const hashes: Record<string, string> = {};
  for (const [network, folder] of Object.entries(folders) as [keyof typeof folders, string][]) {
    const file = model.models[network];
    if (!file) continue;
    hashes[`${folder}/model.onnx`] = await sha256Of(file);
    for (const { location, file: external } of file.external)
      hashes[`${folder}/${location}`] = await sha256Of(external);
  }
  return hashes;
}

const PIECE = 2 ** 24;

/** In pieces: a file may be larger than memory. */
async function sha256Of(file: LargeFile): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < file.bytes; at += PIECE) {
    hash.update(await file.slice(at, Math.min(file.bytes, at + PIECE)));
  }
  return hash.digest('hex');
}
