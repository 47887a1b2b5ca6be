import type * as Dagre from '@dagrejs/dagre';
import { currentGraph } from '#editor/document/document-store.ts';
import { nodeBox, type Size } from '#editor/geometry/element-sizes.ts';
import { loadPart } from '#editor/interface/load-part.ts';
import { layOutDensely } from '#graph/places/dense-layout.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { canvasInstance, canvasSize, fitCanvas } from './canvas-handle.ts';
import { glide } from './glide.ts';

/** Upper left corners. */
type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>;
type Sizes = ReadonlyMap<string, Size>;

/** Shown smaller than this the labels of objects, of 15.5 pixels, are hard to read. */
const READABLE = 0.75;
/** Of more objects neither can be read as a whole, and layers say more of its order. */
const MOST = 100;
/** Room between two objects of a dense layout: the label of an edge and a bend fit in. */
const GAP = 64;

/** Lays the graph out in layers, or where these would be shown too small to be read on a grid: one undoable step. */
export async function arrangeCanvas(): Promise<void> {
  const dagre = await loadPart(() => import('@dagrejs/dagre'));
  const graph = currentGraph();
  const sizes = sizesOf(graph);
  const layers = inLayers(dagre, graph, sizes);
  const isTooSmall = graph.objects.length <= MOST && zoomToFit(layers, sizes) < READABLE;
  const places = isTooSmall ? better(layers, onGrid(graph, sizes), sizes) : layers;
  await glide('Arrange', places);
  requestAnimationFrame(() => fitCanvas());
}

function sizesOf({ objects }: SceneGraph): Sizes {
  return new Map(
    objects.map((object) => {
      const estimated = nodeBox(object);
      const { width = estimated.width, height = estimated.height } =
        canvasInstance()?.getNode(object.id)?.measured ?? {};
      return [object.id, { width, height }];
    }),
  );
}

/** By dagre (loaded when first asked for). */
function inLayers(dagre: typeof Dagre, { relations }: SceneGraph, sizes: Sizes): Places {
  const layout = new dagre.Graph({ multigraph: true });
  layout.setGraph({ rankdir: 'TB', nodesep: 56, ranksep: 84, edgesep: 28 });
  layout.setDefaultEdgeLabel(() => ({}));
  for (const [id, { width, height }] of sizes) layout.setNode(id, { width, height });
  for (const { id, subject, object, predicate } of relations) {
    // Room for the predicate's label on the edge.
    layout.setEdge(subject, object, { width: predicate.length * 7 + 20, height: 22, labelpos: 'c' }, id);
  }
  dagre.layout(layout);
  return around(sizes, (id) => layout.node(id));
}

function onGrid({ objects, relations }: SceneGraph, sizes: Sizes): Places {
  const indexOf = new Map(objects.map(({ id }, i) => [id, i]));
  const indexed = relations.map(({ subject, predicate, object }) => ({
    subject: indexOf.get(subject) ?? 0,
    predicate,
    object: indexOf.get(object) ?? 0,
  }));
  const largest = (side: keyof Size) => Math.max(...[...sizes.values()].map((size) => size[side]));
  const spacing = { x: largest('width') + GAP, y: largest('height') + GAP };
  const middles = layOutDensely(objects.length, indexed, canvasSize(), spacing);
  return around(sizes, (id) => middles[indexOf.get(id) ?? 0]!);
}

/** From middles to corners. */
function around(sizes: Sizes, middleOf: (id: string) => { readonly x: number; readonly y: number }): Places {
  return new Map(
    [...sizes].map(([id, { width, height }]) => {
      const { x, y } = middleOf(id);
      return [id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2) }];
    }),
  );
}

const better = (a: Places, b: Places, sizes: Sizes): Places => (zoomToFit(b, sizes) > zoomToFit(a, sizes) ? b : a);

const NO_SIZE: Size = { width: 0, height: 0 };

/** How large the canvas could show it. */
function zoomToFit(places: Places, sizes: Sizes): number {
  const boxes = [...places].map(([id, { x, y }]) => ({ x, y, ...(sizes.get(id) ?? NO_SIZE) }));
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  const canvas = canvasSize();
  return Math.min(canvas.width / (right - left), canvas.height / (bottom - top));
}
