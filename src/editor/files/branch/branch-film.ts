/** The frames of a branch's GIF: each picture over a line that says what changed. */
import { toImageData } from '#editor/history/pixels.ts';
import type { Picture } from '#engine/contract/protocol.ts';
import { describe as inWords } from '#graph/words/describe.ts';
import type { BranchStep } from './branch-steps.ts';
import type { GifFrame } from './gif.ts';

/** Pixels. Smaller pictures are enlarged, so that there is room for words below them. */
const WIDTH = 512;
const BAND = 56;
const PADDING = 12;
const LINE = 18;
/** Milliseconds: long enough to read a line and to look; the last picture stays. */
const DELAY = 1600;
const LAST = 3200;

/** @param onFrame is told how many frames were drawn, before each */
export async function* branchFilm(
  steps: readonly BranchStep[],
  onFrame: (drawn: number) => void,
): AsyncGenerator<GifFrame> {
  const height = Math.max(...steps.map(({ record }) => scaledHeight(record.result.picture)));
  const canvas = new OffscreenCanvas(WIDTH, height + BAND);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('There is no room for a canvas of that size.');
  for (const [i, step] of steps.entries()) {
    onFrame(i);
    // Drawing and counting colours take a tenth of a second each time.
    await new Promise((resolve) => setTimeout(resolve, 0));
    drawFrame(context, step, height, `${i + 1} of ${steps.length}`);
    const { data } = context.getImageData(0, 0, WIDTH, height + BAND);
    yield { width: WIDTH, height: height + BAND, pixels: data, delay: i === steps.length - 1 ? LAST : DELAY };
  }
}

const scaledHeight = ({ width, height }: Picture): number => Math.round((height * WIDTH) / width);

function drawFrame(
  context: OffscreenCanvasRenderingContext2D,
  { record, changes }: BranchStep,
  height: number,
  place: string,
): void {
  const { picture } = record.result;
  context.fillStyle = '#faf6ee';
  context.fillRect(0, 0, WIDTH, height + BAND);
  const own = new OffscreenCanvas(picture.width, picture.height);
  own.getContext('2d')?.putImageData(toImageData(picture), 0, 0);
  context.imageSmoothingQuality = 'high';
  const shown = scaledHeight(picture);
  context.drawImage(own, 0, (height - shown) / 2, WIDTH, shown);
  context.font = '13px system-ui, sans-serif';
  context.textBaseline = 'middle';
  context.fillStyle = '#625746';
  const placeWidth = context.measureText(place).width;
  context.fillText(place, WIDTH - PADDING - placeWidth, height + BAND / 2);
  context.font = '600 14px system-ui, sans-serif';
  context.fillStyle = '#2a241d';
  const words = changes.length > 0 ? changes.join(', ') : inWords(record.graph);
  const lines = wrapped(context, words, WIDTH - 3 * PADDING - placeWidth);
  const top = height + BAND / 2 - ((lines.length - 1) * LINE) / 2;
  for (const [i, line] of lines.entries()) context.fillText(line, PADDING, top + i * LINE);
}

/** In at most two lines; what has no room ends in an ellipsis. */
function wrapped(context: OffscreenCanvasRenderingContext2D, words: string, room: number): readonly string[] {
  const fits = (line: string) => context.measureText(line).width <= room;
  const lines = [''];
  for (const word of words.split(' ')) {
    const line = `${lines.at(-1)} ${word}`.trim();
    if (fits(line) || lines.at(-1) === '') lines[lines.length - 1] = line;
    else lines.push(word);
  }
  const shown = lines.slice(0, 2).map((line) => (fits(line) ? line : cut(line, fits)));
  if (lines.length > 2) shown[1] = cut(`${shown[1]}…`, fits);
  return shown;
}

function cut(line: string, fits: (line: string) => boolean): string {
  const letters = [...line.replace(/…$/, '')];
  while (letters.length > 1 && !fits(`${letters.join('')}…`)) letters.pop();
  return `${letters.join('')}…`;
}
