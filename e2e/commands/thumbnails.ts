/** `npm run thumbnails`: what the model paints for every example, the best of a few seeds by its own verifier: the gallery's thumbnails. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { examples } from '#editor/examples/examples.ts';
import type { GenerationResult, Picture } from '#engine/contract/protocol.ts';
import { Engine } from '#engine/engine.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { loadPackage } from '#engine/package/package-loader.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';

const SEEDS = [0, 1, 2, 3];
const SIZE = 128;
/** Bytes. The gallery shows all of them at once. */
const LARGEST = 15_000;

const project = join(import.meta.dirname, '../..');
const folder = join(project, 'src/editor/examples/thumbnails');
const model = process.env.SGRAFFITO_MODEL ?? 'picturebook';

const engine = await Engine.open(await loadPackage(folderSource(join(project, 'public/models', model))), nodeRuntime);
const { defaults } = engine.manifest;
mkdirSync(folder, { recursive: true });
for (const { name, graph } of examples) {
  let best: { readonly result: GenerationResult; readonly share: number; readonly seed: number } | undefined;
  for (const seed of SEEDS) {
    const result = await engine.generate(graph, { ...defaults, seed });
    const share = shareFound(result);
    if (best === undefined || share > best.share) best = { result, share, seed };
    if (share === 1) break;
  }
  if (!best) throw new Error('There is no seed to paint with.');
  const file = join(folder, `${name}.webp`);
  writeFileSync(file, await webp(best.result.picture));
  const { size } = statSync(file);
  if (size > LARGEST) throw new Error(`${file} has ${size} bytes, at most ${LARGEST} are allowed.`);
  process.stdout.write(`${name}  seed ${best.seed}  ${Math.round(best.share * 100)} % found  ${size} bytes\n`);
}
await engine.release();

/** How much of the graph the verifier sees, 0–1. */
function shareFound({ verification }: GenerationResult): number {
  const verdicts = [...Object.values(verification.objects), ...Object.values(verification.relations)];
  return verdicts.filter((verdict) => verdict === 'found').length / verdicts.length;
}

async function webp({ width, height, pixels }: Picture): Promise<Buffer> {
  const picture = createCanvas(width, height);
  picture.getContext('2d').putImageData(new ImageData(pixels, width, height), 0, 0);
  const tile = createCanvas(SIZE, SIZE);
  tile.getContext('2d').drawImage(picture, 0, 0, SIZE, SIZE);
  return tile.encode('webp', 84);
}
