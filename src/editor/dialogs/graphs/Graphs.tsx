import { useEffect, useState } from 'react';
import { perform } from '#editor/actions/action.ts';
import { Sheet } from '#editor/dialogs/Sheet.tsx';
import { moveOverTiles } from '#editor/dialogs/tile-keys.ts';
import { useDocument } from '#editor/document/document-store.ts';
import { counted } from '#editor/interface/counted.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { deleteStoredGraph, listGraphs, openStoredGraph } from '#editor/session/graph-list.ts';
import { onGraphsChanged } from '#editor/session/graph-news.ts';
import type { StoredGraph } from '#editor/session/stored-graphs.ts';
import { GraphRow } from './GraphRow.tsx';
import { GraphSearchField, MoreGraphs } from './GraphSearchField.tsx';
import { useGraphSearch } from './use-graph-search.ts';

const NONE: readonly StoredGraph[] = [];

/** The graphs of this browser: found, opened, named, duplicated, deleted. */
export function Graphs() {
  const close = () => useInterface.getState().show(null);
  const { graphs, fault } = useGraphs();
  const search = useGraphSearch(graphs ?? NONE);
  const [deleted, setDeleted] = useState<Deleted | null>(null);
  const here = useDocument(({ documents, history }) => documents[history.document]?.kept?.entry);
  const open = (graph: StoredGraph | undefined) => {
    if (!graph) return;
    close();
    void perform(() => openStoredGraph(graph));
  };
  const remove = async (graph: StoredGraph) => setDeleted({ name: graph.name, undo: await deleteStoredGraph(graph) });
  return (
    <Sheet title="Graphs" lead="What you work on is kept here by itself; opening another graph loses nothing." isWide>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only passes the arrow keys on to the buttons inside */}
      <div
        onKeyDown={(event) => {
          if (!(event.target as Element).matches('[data-asks]')) moveOverTiles(event);
        }}
      >
        <GraphSearchField label="Search names, objects and relations" search={search} onTake={open} />
        <p role="status" className="chooser-count">
          {graphs ? countText(search.found.length, graphs.length) : (fault ?? 'Reading the list …')}
        </p>
        {graphs?.length === 0 && <p className="dialog-lead">A graph comes here as soon as you change or open one.</p>}
        <ul className="choice-list graph-rows" aria-label="Graphs">
          {search.drawn.map((graph) => (
            <GraphRow
              key={graph.entry}
              graph={graph}
              isHere={graph.entry === here}
              onOpen={() => open(graph)}
              onDelete={() => void perform(() => remove(graph))}
            />
          ))}
        </ul>
        <MoreGraphs search={search} />
      </div>
      {deleted && (
        <p role="status" className="graph-deleted">
          <span>“{deleted.name}” deleted.</span>
          <button
            type="button"
            className="button"
            onClick={() => {
              setDeleted(null);
              void perform(deleted.undo);
            }}
          >
            Undo
          </button>
        </p>
      )}
    </Sheet>
  );
}

interface Deleted {
  readonly name: string;
  readonly undo: () => Promise<void>;
}

const countText = (found: number, all: number): string =>
  found === all ? counted(all, 'graph') : `${found} of ${counted(all, 'graph')}`;

interface Listed {
  /** Null until it was read. */
  readonly graphs: readonly StoredGraph[] | null;
  /** Why it cannot be read, and what to do. */
  readonly fault?: string;
}

/** As any tab changes it. */
function useGraphs(): Listed {
  const [listed, setListed] = useState<Listed>({ graphs: null });
  useEffect(() => {
    let isGone = false;
    const read = async () => {
      const next = await listGraphs().then((graphs): Listed => ({ graphs }), cannotRead);
      if (!isGone) setListed(next);
    };
    void read();
    const stop = onGraphsChanged(() => void read());
    return () => {
      isGone = true;
      stop();
    };
  }, []);
  return listed;
}

const cannotRead = (error: unknown): Listed => ({
  graphs: null,
  fault: `The list cannot be read in this browser; save your graphs as files. ${error instanceof Error ? error.message : ''}`,
});
