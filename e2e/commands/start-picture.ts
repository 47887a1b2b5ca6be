/** The second half of `npm run thumbnails`: the picture of the graph that greets a newcomer, with all that a picture of the history has. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { examples } from '#editor/examples/examples.ts';
import { formatStartPicture } from '#editor/examples/start-picture.ts';
import { encodePng } from '#editor/files/png.ts';
import { Engine } from '#engine/engine.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { loadPackage } from '#engine/package/package-loader.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { bestOfSeeds } from './best-of-seeds.ts';

/** The first was chosen by eye among those of which everything is found: the model of a later day may need another. */
const SEEDS = [13, 10, 12, 8, 9];

const project = join(import.meta.dirname, '../..');
const folder = join(project, 'src/editor/examples/start');
const pack = await loadPackage(folderSource(join(project, 'public/models/picturebook')));
const engine = await Engine.open(pack, nodeRuntime);
const { graph } = examples[0]!;
const { result, settings, share } = await bestOfSeeds(engine, graph, SEEDS);
const recipe = { model: engine.manifest.name, graph, settings };
writeFileSync(join(folder, 'picture.png'), encodePng(result.picture, recipe));
const text = formatStartPicture({ ...recipe, result }, pack.manifest.files);
writeFileSync(join(folder, 'picture.json'), text);
process.stdout.write(`start  seed ${settings.seed}  ${Math.round(share * 100)} % found  ${text.length} bytes\n`);
await engine.release();
