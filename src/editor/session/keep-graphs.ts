/** The graph on the canvas in the browser's list of graphs, which is how it outlives that another one is opened. */
import { useDocument } from '#editor/document/document-store.ts';
import { examples } from '#editor/examples/examples.ts';
import { sayError } from '#editor/interface/messages.ts';
import { storage } from '#editor/storage/database.ts';
import { isSameGraph } from '#graph/history.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { attempt } from './attempt.ts';
import { onGraphsChanged, tellGraphs } from './graph-news.ts';
import {
  GraphListFullError,
  type GraphOnCanvas,
  keepGraph,
  MOST_GRAPHS,
  type Occasion,
  readGraph,
} from './stored-graphs.ts';

/** Milliseconds of rest after a change: the session has it at once, so nothing hangs on this. */
const REST = 400;

let timer: ReturnType<typeof setTimeout> | undefined;
let waiting: { readonly canvas: GraphOnCanvas; readonly occasion: Occasion } | undefined;
/** One write after another. */
let writing: Promise<void> = Promise.resolve();
let hasSaidFull = false;

/** Follows the document. @returns the undo of it */
export function keepGraphs(): () => void {
  enqueue(onCanvas(), 'begun');
  const stops = [
    useDocument.subscribe((state, before) => {
      if (state.history.document !== before.history.document) {
        keptGraphs();
        // The name of what is opened is known after its graph.
        queueMicrotask(() => enqueue(onCanvas(), 'arrived'));
      } else if (state.history.present !== before.history.present) wait('changed');
      else if (state.name !== before.name) wait(waiting?.occasion ?? 'named');
    }),
    onGraphsChanged(() => void attempt(followName)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Writes what waits to be written. @returns when all of it is in the list */
export function keptGraphs(): Promise<void> {
  clearTimeout(timer);
  if (waiting) enqueue(waiting.canvas, waiting.occasion);
  waiting = undefined;
  return writing;
}

function onCanvas(): GraphOnCanvas {
  const { name, history, documents } = useDocument.getState();
  const { document, present: graph } = history;
  return { name, document, graph, kept: documents[document]?.kept };
}

function wait(occasion: Occasion): void {
  waiting = { canvas: onCanvas(), occasion };
  clearTimeout(timer);
  timer = setTimeout(keptGraphs, REST);
}

function enqueue(canvas: GraphOnCanvas, occasion: Occasion): void {
  writing = writing.then(() => attempt(() => keep(canvas, occasion)));
}

async function keep(canvas: GraphOnCanvas, occasion: Occasion): Promise<void> {
  const { document, graph } = canvas;
  const { know, documents } = useDocument.getState();
  // What the write before this one made known.
  const before = documents[document]?.kept;
  try {
    const kept = await keepGraph(await storage(), { ...canvas, kept: before }, occasion, isWorth(graph));
    const isOther = kept?.entry !== before?.entry || kept?.revision !== before?.revision;
    // An arrival that is another version than the list's goes on from none: its first change gets an entry of its own.
    if (isOther) know(document, { kept: kept ?? (before && { ...before, revision: '' }) });
    if (occasion === 'arrived') await followName();
    else if (kept && occasion !== 'begun') tellGraphs();
  } catch (error) {
    if (!(error instanceof GraphListFullError)) throw error;
    if (!hasSaidFull) {
      const title = `The list of graphs is full: it keeps ${MOST_GRAPHS}`;
      sayError(title, 'Delete some under File, Graphs. Until then this graph is kept in its tab alone.');
    }
    hasSaidFull = true;
  }
}

/** Another tab may have named it; and a picture may bring back a document that this tab knew nothing of. */
async function followName(): Promise<void> {
  const { document, kept } = onCanvas();
  const stored = await readGraph(await storage(), kept?.entry ?? document);
  const isHere = onCanvas().document === document;
  if (stored && isHere && !waiting) useDocument.getState().know(document, { name: stored.name });
}

/** An empty canvas is no graph, and an example as it came is nobody's work. */
const isWorth = (graph: SceneGraph): boolean =>
  graph.objects.length > 0 && !examples.some((example) => isSameGraph(example.graph, graph));
