/** The third part of `npm run thumbnails`: one scene in each style of the model, for the settings; "any" is a strip of each. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Picture } from '#engine/contract/protocol.ts';
import { Engine } from '#engine/engine.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { loadPackage } from '#engine/package/package-loader.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { documentOf } from '#graph/indexed-graph.ts';
import { webpTile } from './webp-tile.ts';

/** Chosen by eye: both things are large, and in every style at the same place. */
const SEED = 2;
/** Pixels. */
const TILE = { width: 128, height: 96 };
/** Bytes. The settings show all of them at once. */
const LARGEST = 4_000;

const graph = documentOf({
  objects: ['house', 'tree'].map((label) => ({ label, attributes: [] })),
  relations: [{ subject: 0, predicate: 'left of', object: 1 }],
});
const project = join(import.meta.dirname, '../..');
const folder = join(project, 'src/editor/picture/settings/style-pictures');
const engine = await Engine.open(
  await loadPackage(folderSource(join(project, 'public/models/picturebook'))),
  nodeRuntime,
);
mkdirSync(folder, { recursive: true });
const pictures: Picture[] = [];
for (const style of engine.manifest.styles) {
  const { picture } = await engine.generate(graph, { ...engine.manifest.defaults, seed: SEED, style });
  pictures.push(picture);
  await write(style, picture);
}
await write('any', inStrips(pictures));
await engine.release();

async function write(style: string, picture: Picture): Promise<void> {
  const bytes = await webpTile(picture, TILE);
  if (bytes.length > LARGEST) throw new Error(`${style} has ${bytes.length} bytes, at most ${LARGEST} are allowed.`);
  writeFileSync(join(folder, `${style}.webp`), bytes);
  process.stdout.write(`${style}  ${bytes.length} bytes\n`);
}

/** From left to right a strip of each, all as wide. */
function inStrips(all: readonly Picture[]): Picture {
  const { width, height } = all[0]!;
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const from = all[Math.floor(((i % width) * all.length) / width)]!;
    pixels.set(from.pixels.subarray(4 * i, 4 * i + 4), 4 * i);
  }
  return { width, height, pixels };
}
