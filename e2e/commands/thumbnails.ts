/** `npm run thumbnails`: what the model paints for every example, the best of a few seeds by its own verifier: the gallery's thumbnails. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { examples } from '#editor/examples/examples.ts';
import { Engine } from '#engine/engine.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { loadPackage } from '#engine/package/package-loader.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { bestOfSeeds } from './best-of-seeds.ts';
import { webpTile } from './webp-tile.ts';

const SEEDS = [0, 1, 2, 3];
/** Pixels. */
const TILE = { width: 128, height: 128 };
/** Bytes. The gallery shows all of them at once. */
const LARGEST = 15_000;

const project = join(import.meta.dirname, '../..');
const folder = join(project, 'src/editor/examples/thumbnails');
const model = process.env.SGRAFFITO_MODEL ?? 'picturebook';

const engine = await Engine.open(await loadPackage(folderSource(join(project, 'public/models', model))), nodeRuntime);
mkdirSync(folder, { recursive: true });
for (const { name, graph } of examples) {
  const { result, settings, share } = await bestOfSeeds(engine, graph, SEEDS);
  const file = join(folder, `${name}.webp`);
  writeFileSync(file, await webpTile(result.picture, TILE));
  const { size } = statSync(file);
  if (size > LARGEST) throw new Error(`${file} has ${size} bytes, at most ${LARGEST} are allowed.`);
  process.stdout.write(`${name}  seed ${settings.seed}  ${Math.round(share * 100)} % found  ${size} bytes\n`);
}
await engine.release();
