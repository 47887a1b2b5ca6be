/** Sheets of pictures to look at while training goes on. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import type { StageContext } from '#training/run/context.ts';
import { openAutoencoder } from '#training/stages/feeds/autoencoded.ts';
import { imageBatch } from '#training/stages/feeds/batches.ts';

const COLUMNS = 8;
const ROWS = 6;

/** One tile: (3, size, size) in [−1, 1], with a caption below. */
export interface Tile {
  readonly image: Float32Array;
  readonly size: number;
  readonly caption?: string;
}

/** Writes a sheet as PNG. */
export function writeSheet(file: string, tiles: readonly Tile[], columns = COLUMNS): void {
  const size = tiles[0]?.size ?? 1;
  const caption = tiles.some((tile) => tile.caption) ? 30 : 0;
  const gap = 4;
  const canvas = createCanvas(columns * (size + gap), Math.ceil(tiles.length / columns) * (size + caption + gap));
  const paint = canvas.getContext('2d');
  paint.fillStyle = '#fff';
  paint.fillRect(0, 0, canvas.width, canvas.height);
  paint.font = '8px sans-serif';
  tiles.forEach((tile, index) => {
    const x = (index % columns) * (size + gap);
    const y = Math.floor(index / columns) * (size + caption + gap);
    const pixels = paint.createImageData(size, size);
    for (let at = 0; at < size * size; at++) {
      for (let channel = 0; channel < 3; channel++) {
        const value = tile.image[channel * size * size + at]!;
        pixels.data[at * 4 + channel] = Math.round((Math.min(1, Math.max(-1, value)) + 1) * 127.5);
      }
      pixels.data[at * 4 + 3] = 255;
    }
    paint.putImageData(pixels, x, y);
    paint.fillStyle = '#222';
    wrap(tile.caption ?? '', 30)
      .slice(0, 3)
      .forEach((line, row) => {
        paint.fillText(line, x, y + size + 9 + 9 * row);
      });
  });
  writeFileSync(file, canvas.toBuffer('image/png'));
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Pictures above, what the autoencoder makes of them below; says the PSNR. */
export async function reconstructionSheet(
  context: StageContext,
  weights: Map<string, Float32Array>,
  step: number,
): Promise<void> {
  const { config } = context;
  const count = (COLUMNS * ROWS) / 2;
  const autoencoder = await openAutoencoder(context, weights, count);
  const loader = context.loader('sheet');
  const scenes = await loader.scenes(count);
  const input = imageBatch(scenes);
  const output = await autoencoder.pictures(scenes);
  await Promise.all([loader.close(), autoencoder.release()]);
  const size = config.imageSize;
  const tile = (data: Float32Array, index: number): Tile => ({
    image: data.subarray(index * 3 * size * size, (index + 1) * 3 * size * size),
    size,
  });
  const rows = Array.from({ length: ROWS / 2 }, (_, row) => {
    const at = Array.from({ length: COLUMNS }, (_, column) => row * COLUMNS + column);
    return [...at.map((index) => tile(input, index)), ...at.map((index) => tile(output, index))];
  });
  mkdirSync(context.sheetFolder, { recursive: true });
  writeSheet(join(context.sheetFolder, `autoencoder-${String(step).padStart(6, '0')}.png`), rows.flat());
  context.say(`autoencoder: reconstruction ${psnr(input, output).toFixed(2)} dB`);
}

/** Peak signal-to-noise ratio in dB of arrays in [−1, 1]. */
export function psnr(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - Math.min(1, Math.max(-1, b[i]!))) ** 2;
  return 10 * Math.log10(4 / (sum / a.length));
}
