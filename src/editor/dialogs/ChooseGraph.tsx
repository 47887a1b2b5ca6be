import { useDocument } from '#editor/state/document-store.ts';
import { type NamedGraph, useInterface } from '#editor/state/interface-store.ts';
import { describe as inWords } from '#graph/describe.ts';
import { Sheet } from './Sheet.tsx';

/** A file may hold many graphs: one of them is opened. */
export function ChooseGraph({ source, graphs }: { source: string; graphs: readonly NamedGraph[] }) {
  const show = useInterface((state) => state.show);
  return (
    <Sheet title={`${graphs.length} graphs in ${source}`} lead="Which one should be opened?">
      <div className="choice-list">
        {graphs.map(({ name, graph }) => (
          <button
            key={name}
            type="button"
            className="choice"
            onClick={() => {
              show(null);
              useDocument.getState().replace(name, graph);
            }}
          >
            {name}
            <small>{inWords(graph).slice(0, 220) || 'empty'}</small>
          </button>
        ))}
      </div>
    </Sheet>
  );
}
