/** The first 24 graphs of the test split with what the model paints for them, unpicked: the README's sheet. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import { Engine } from '#engine/engine.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { loadPackage } from '#engine/package/package-loader.ts';
import { nodeRuntime } from '#engine/runtime/ort-node.ts';
import { describe as inWords } from '#graph/words/describe.ts';
import { corpusTestSet } from '#training/evaluation/study/test-graphs.ts';

const GRAPHS = 24;
const COLUMNS = 6;
/** Graph i is painted with SEED + i, as npm run evaluate does. */
const SEED = 0;
const TILE = 150;
const CAPTION = 58;
const GAP = 10;

const project = join(import.meta.dirname, '../..');
const file = join(project, 'public/readme/test-graphs.jpg');
const model = process.env.SGRAFFITO_MODEL ?? 'picturebook';

const modelPackage = await loadPackage(folderSource(join(project, 'public/models', model)));
const engine = await Engine.open(modelPackage, nodeRuntime);
const { defaults, image } = engine.manifest;
const { graphs } = corpusTestSet(GRAPHS, modelPackage.manifest);
const rows = Math.ceil(graphs.length / COLUMNS);
const canvas = createCanvas(GAP + COLUMNS * (TILE + GAP), GAP + rows * (TILE + CAPTION + GAP));
const paint = canvas.getContext('2d');
paint.fillStyle = '#fff';
paint.fillRect(0, 0, canvas.width, canvas.height);
for (const [i, { graph, style }] of graphs.entries()) {
  const { picture } = await engine.generate(graph, { ...defaults, seed: SEED + i, style });
  const tile = createCanvas(image.width, image.height);
  tile.getContext('2d').putImageData(new ImageData(picture.pixels, image.width, image.height), 0, 0);
  const x = GAP + (i % COLUMNS) * (TILE + GAP);
  const y = GAP + Math.floor(i / COLUMNS) * (TILE + CAPTION + GAP);
  paint.drawImage(tile, x, y, TILE, TILE);
  write(paint, inWords(graph), x, y + TILE + 13);
}
await engine.release();
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, await canvas.encode('jpeg', 88));
process.stdout.write(`${file}\n`);

/** Broken into lines as wide as a tile, at most four. */
function write(context: SKRSContext2D, text: string, x: number, y: number): void {
  context.fillStyle = '#333';
  context.font = '11px sans-serif';
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (context.measureText(longer).width <= TILE) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  if (lines.length > 4) lines.splice(3, lines.length, `${lines[3]} …`);
  for (const [i, line] of lines.entries()) context.fillText(line, x, y + i * 13);
}
