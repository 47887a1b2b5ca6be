/** The canvas as a file: SVG, and a PNG that is drawn from it. Loaded when it is asked for. */

import { currentGraph, useDocument } from '#editor/document/document-store.ts';
import { kindIndex } from '#editor/document/vocabulary.ts';
import type { Route } from '#editor/geometry/edge-geometry.ts';
import type { Size } from '#editor/geometry/element-sizes.ts';
import { sayError } from '#editor/interface/messages.ts';
import { currentManifest } from '#editor/painting/engine-store.ts';
import { spriteImages } from '#editor/painting/sprites-store.ts';
import { canvasInstance } from '#editor/viewport/canvas-handle.ts';
import { type Drawing, drawCanvas } from './canvas-svg.ts';
import { download, fileName } from './save.ts';

/** Pixels of the PNG per CSS pixel, as long as that stays within what every browser's canvas can hold. */
const SCALE = 2;
const MAX_SIDE = 8192;
const MAX_PIXELS = 32e6;
/** Below this nothing can be read any more. */
const MIN_SCALE = 0.25;

export function saveCanvasSvg(): void {
  const { svg } = drawing();
  download(`${fileName(useDocument.getState().name)}.svg`, svg, 'image/svg+xml');
}

export async function saveCanvasPng(): Promise<void> {
  const { svg, width, height } = drawing();
  const scale = Math.min(SCALE, MAX_SIDE / width, MAX_SIDE / height, Math.sqrt(MAX_PIXELS / (width * height)));
  if (scale < MIN_SCALE) {
    sayError('The objects lie too far apart for one PNG. Arrange the graph first, or save the canvas as SVG.');
    return;
  }
  try {
    const bytes = await rasterised({ svg, width, height }, scale);
    download(`${fileName(useDocument.getState().name)}.canvas.png`, bytes, 'image/png');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    sayError('The browser could not draw the canvas as a PNG. Save it as SVG instead.', reason);
  }
}

function drawing(): Drawing {
  const graph = currentGraph();
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const manifest = currentManifest();
  const icons = spriteImages(graph.objects.map(({ label }) => label));
  return drawCanvas(graph, {
    name: useDocument.getState().name,
    sizes: measuredSizes(),
    routes: shownRoutes(),
    colours: {
      canvas: colour('canvas'),
      node: colour('raised'),
      line: colour('line'),
      ink: colour('ink'),
      inkSoft: colour('ink-soft'),
      edge: colour('edge'),
    },
    markOf: (label) => colour(`kind-${kindIndex(manifest, label)}`),
    iconOf: (label) => icons.get(label),
  });
}

function measuredSizes(): Map<string, Size> {
  const nodes = canvasInstance()?.getNodes() ?? [];
  return new Map(
    nodes.flatMap(({ id, measured }): [string, Size][] =>
      measured?.width === undefined || measured.height === undefined
        ? []
        : [[id, { width: measured.width, height: measured.height }]],
    ),
  );
}

function shownRoutes(): Map<string, Route> {
  const edges = canvasInstance()?.getEdges() ?? [];
  return new Map(edges.flatMap(({ id, data }): [string, Route][] => (data ? [[id, data.route]] : [])));
}

async function rasterised({ svg, width, height }: Drawing, scale: number): Promise<Uint8Array<ArrayBuffer>> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width, height);
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale));
    const context = canvas.getContext('2d');
    if (!context) throw new Error('There is no room for a canvas of that size.');
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: 'image/png' });
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(url);
  }
}
