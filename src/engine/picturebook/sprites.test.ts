import { createHash } from 'node:crypto';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { EngineError } from '#engine/contract/engine-error.ts';
import type { Manifest } from '#engine/contract/manifest.ts';
import type { ModelSource, PackageCache } from '#engine/package/package-loader.ts';
import { loadSprites } from './sprites.ts';

const layout = { file: 'sprites.png', side: 8, columns: 2, labels: ['sheep', 'tree', 'sky'] } as const;
const sheet = (width: number, height: number) =>
  encode({ width, height, data: new Uint8Array(width * height * 4), channels: 4, depth: 8 });

function packageOf(png: Uint8Array): { manifest: Manifest; source: ModelSource; reads: string[] } {
  const reads: string[] = [];
  const sha256 = createHash('sha256').update(png).digest('hex');
  const manifest = { name: 'small', sprites: layout, files: { 'sprites.png': { bytes: png.length, sha256 } } };
  const source = {
    read: async (path: string) => {
      reads.push(path);
      return png;
    },
  };
  return { manifest: manifest as unknown as Manifest, source: source as unknown as ModelSource, reads };
}

describe('loadSprites', () => {
  it('reads the sheet once and then from the cache, as the model’s own files are', async () => {
    const png = sheet(16, 16);
    const kept = new Map<string, Uint8Array>();
    const cache: PackageCache = {
      get: async (_, sha256) => kept.get(sha256),
      put: async (_, sha256, bytes) => void kept.set(sha256, bytes),
      keepOnly: async () => undefined,
    };
    const { manifest, source, reads } = packageOf(png);
    expect(await loadSprites(source, manifest, cache)).toEqual(Uint8Array.from(png));
    expect(await loadSprites(source, manifest, cache)).toEqual(Uint8Array.from(png));
    expect(reads).toEqual(['sprites.png']);
  });

  it('is content with a package that has none', async () => {
    const { manifest, source } = packageOf(sheet(16, 16));
    expect(await loadSprites(source, { ...manifest, sprites: undefined })).toBeUndefined();
  });

  it.each([
    ['another size than the layout needs', sheet(16, 8), /16 × 8 pixels; the manifest says 16 × 16/],
    ['no PNG', new TextEncoder().encode('<svg onload="alert(1)"/> and so on'), /no PNG/],
    ['a PNG that is cut short', sheet(16, 16).slice(0, 20), /no PNG/],
  ])('refuses %s', async (_, png, message) => {
    const { manifest, source } = packageOf(png);
    const error = await loadSprites(source, manifest).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EngineError);
    expect((error as EngineError).message).toMatch(message);
  });
});
