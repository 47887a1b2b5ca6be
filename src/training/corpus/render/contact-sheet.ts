/** Sheets of pictures with captions, for people to look at. */
import { createCanvas, ImageData } from '@napi-rs/canvas';

export interface Cell {
  /** RGB, size × size × 3. */
  readonly rgb: Uint8Array;
  readonly size: number;
  readonly caption: string;
}

export interface SheetOptions {
  readonly columns: number;
  /** Lines of caption under each picture. */
  readonly captionLines: number;
}

const LINE = 12;
const GAP = 6;

/** @returns a PNG file. All cells have the size of the first. */
export function contactSheet(cells: readonly Cell[], { columns, captionLines }: SheetOptions): Buffer {
  const size = cells[0]?.size ?? 1;
  const rowHeight = size + captionLines * LINE + GAP;
  const canvas = createCanvas(columns * (size + GAP), Math.ceil(cells.length / columns) * rowHeight);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.font = '10px sans-serif';
  cells.forEach(({ rgb, caption }, index) => {
    const left = (index % columns) * (size + GAP);
    const top = Math.floor(index / columns) * rowHeight;
    const pixels = new ImageData(size, size);
    for (let at = 0; at < size * size; at++) {
      pixels.data.set(rgb.subarray(at * 3, at * 3 + 3), at * 4);
      pixels.data[at * 4 + 3] = 255;
    }
    context.putImageData(pixels, left, top);
    context.fillStyle = '#111111';
    wrap(caption, size, (line) => context.measureText(line).width)
      .slice(0, captionLines)
      .forEach((line, row) => {
        context.fillText(line, left, top + size + (row + 1) * LINE - 2);
      });
  });
  return canvas.toBuffer('image/png');
}

function wrap(text: string, width: number, measure: (line: string) => number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && measure(`${last} ${word}`) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
