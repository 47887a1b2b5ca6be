import type { KeyboardEvent } from 'react';

/** Arrows, Home and End move the focus over the tiles (elements with data-tile) inside the element that listens. */
export function moveOverTiles(event: KeyboardEvent<HTMLElement>): void {
  const tiles = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-tile]')];
  const from = tiles.indexOf(document.activeElement as HTMLElement);
  const to = from < 0 ? firstTile(event.key, tiles.length) : nextTile(event.key, from, tiles.length, columnsOf(tiles));
  if (to === undefined) return;
  event.preventDefault();
  tiles[to]?.focus();
}

/** From a field above the tiles only the arrow down leads into them. */
const firstTile = (key: string, count: number): number | undefined =>
  key === 'ArrowDown' && count > 0 ? 0 : undefined;

/** @returns undefined for other keys */
export function nextTile(key: string, from: number, count: number, columns: number): number | undefined {
  const within = (to: number) => Math.min(Math.max(to, 0), count - 1);
  switch (key) {
    case 'ArrowRight':
      return within(from + 1);
    case 'ArrowLeft':
      return within(from - 1);
    case 'ArrowDown':
      return from + columns < count ? from + columns : from;
    case 'ArrowUp':
      return from - columns >= 0 ? from - columns : from;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** How many tiles stand in the first row. */
function columnsOf(tiles: readonly HTMLElement[]): number {
  const top = tiles[0]?.offsetTop;
  const below = tiles.findIndex((tile) => tile.offsetTop !== top);
  return below < 0 ? tiles.length : below;
}
