/** On paper the whole graph is drawn, wherever the view is on the screen: below the picture, or on a page of its own. */
import { drawnBounds } from './canvas-handle.ts';

/** CSS pixels between the margins of A4 and of Letter. */
const PAGE = { width: 660, height: 920 } as const;
/** What the picture and the lines below it take of a page's height. */
const PICTURE = 460;
/** Smaller than this below the picture, a graph gets its own page. */
const LEAST_ZOOM = 0.5;
/** Around the graph. */
const PADDING = 8;

/** @returns the undo of its subscription */
export function preparePrinting(): () => void {
  addEventListener('beforeprint', prepare);
  return () => removeEventListener('beforeprint', prepare);
}

function prepare(): void {
  const { x, y, width, height } = drawnBounds() ?? { x: 0, y: 0, width: 0, height: 0 };
  const zoomFor = (room: number) =>
    Math.min(1, (PAGE.width - 2 * PADDING) / Math.max(1, width), (room - 2 * PADDING) / Math.max(1, height));
  const beside = zoomFor(PAGE.height - PICTURE);
  const zoom = beside < LEAST_ZOOM ? zoomFor(PAGE.height) : beside;
  const { style } = document.documentElement;
  style.setProperty('--print-width', `${width * zoom + 2 * PADDING}px`);
  style.setProperty('--print-height', `${height * zoom + 2 * PADDING}px`);
  style.setProperty('--print-view', `translate(${PADDING - x * zoom}px, ${PADDING - y * zoom}px) scale(${zoom})`);
}
