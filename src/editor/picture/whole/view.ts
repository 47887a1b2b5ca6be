/** How a picture lies in its pane while it is looked at closely. Pure geometry: lengths are shares of the pane, 0–1 from its left and top. */

export interface View {
  /** 1 shows the whole picture. */
  readonly zoom: number;
  /** Where the pane's own corner goes. */
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

export const WHOLE: View = { zoom: 1, x: 0, y: 0 };

/** 256 pixels on a screen of 1080 fill it at 3.7 screen pixels each; at 16 times that one pixel is as large as a thumb. */
const CLOSEST = 16;

/** Screen pixels of one of the picture's from which it is shown as the square that it is: who comes so near wants to see it. Below, smoothed. */
const SQUARE_FROM = 12;

/** What of a pane a picture fills that is shown whole in it. */
export function shapeIn(pane: Size, picture: Size): Size {
  const scale = Math.min(pane.width / picture.width, pane.height / picture.height);
  return { width: (picture.width * scale) / pane.width, height: (picture.height * scale) / pane.height };
}

/** @param at what stays where it is */
export function zoomed(view: View, factor: number, shape: Size, at: Place = { x: 0.5, y: 0.5 }): View {
  const zoom = Math.min(CLOSEST, Math.max(1, view.zoom * factor));
  const grown = zoom / view.zoom;
  return held({ zoom, x: at.x - (at.x - view.x) * grown, y: at.y - (at.y - view.y) * grown }, shape);
}

export function panned(view: View, by: Place, shape: Size): View {
  return held({ ...view, x: view.x + by.x, y: view.y + by.y }, shape);
}

/** Whether single pixels are worth seeing. @param ratio screen pixels of a CSS pixel */
export function showsSquares({ zoom }: View, pane: Size, picture: Size, ratio: number): boolean {
  return (shapeIn(pane, picture).width * pane.width * zoom * ratio) / picture.width >= SQUARE_FROM;
}

/** No edge of the picture comes inside the pane that it is larger than; in one that it is smaller than it stays in the middle. */
function held({ zoom, x, y }: View, shape: Size): View {
  return { zoom, x: heldAlong(x, zoom, shape.width), y: heldAlong(y, zoom, shape.height) };
}

function heldAlong(start: number, zoom: number, length: number): number {
  if (zoom * length <= 1) return (1 - zoom) / 2;
  const margin = (zoom * (1 - length)) / 2;
  return Math.min(-margin, Math.max(1 - zoom + margin, start));
}
