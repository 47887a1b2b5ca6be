/** The drawings of the labels that a package may bring for the screen: one small PNG, fetched after the model and never needed. */
import { EngineError } from '#engine/contract/engine-error.ts';
import type { Manifest, SpriteSheet } from '#engine/contract/manifest.ts';
import { loadFile, type ModelSource, type PackageCache } from '#engine/package/package-loader.ts';

const rowsOf = ({ labels, columns }: SpriteSheet): number => Math.ceil(labels.length / columns);

/**
 * @returns a PNG of exactly the size that the manifest's layout needs; undefined when the package has none
 * @throws EngineError model-not-found or model-damaged
 */
export async function loadSprites(
  source: ModelSource,
  manifest: Manifest,
  cache?: PackageCache,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { sprites } = manifest;
  if (!sprites) return undefined;
  const bytes = await loadFile(source, manifest, sprites.file, cache);
  const size = pngSize(bytes);
  const [width, height] = [sprites.columns * sprites.side, rowsOf(sprites) * sprites.side];
  if (size?.width === width && size.height === height) return Uint8Array.from(bytes);
  const found = size ? `${size.width} × ${size.height} pixels` : 'no PNG';
  throw new EngineError('model-damaged', `${sprites.file} is ${found}; the manifest says ${width} × ${height}.`);
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** From the header, so that no decoder has to trust it: a small file may claim to be a huge picture. */
function pngSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  if (bytes.length < 24 || SIGNATURE.some((byte, i) => bytes[i] !== byte)) return undefined;
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { width: header.getUint32(16), height: header.getUint32(20) };
}
