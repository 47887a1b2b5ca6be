import { useId } from 'react';
import type { GraphSearch } from './use-graph-search.ts';

interface GraphSearchFieldProps<Named> {
  readonly label: string;
  readonly search: GraphSearch<Named>;
  /** Enter takes the first that was found. */
  readonly onTake: (first: Named | undefined) => void;
}

/** First in its dialog, which puts the focus there. */
export function GraphSearchField<Named>({ label, search, onTake }: GraphSearchFieldProps<Named>) {
  const id = useId();
  return (
    <form
      className="field chooser-search"
      onSubmit={(event) => {
        event.preventDefault();
        onTake(search.found[0]);
      }}
    >
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="search"
        className="input"
        value={search.typed}
        onChange={({ target }) => search.type(target.value)}
      />
    </form>
  );
}

export function MoreGraphs<Named>({ search: { rest, drawMore } }: { readonly search: GraphSearch<Named> }) {
  if (rest === 0) return null;
  return (
    <button type="button" className="button chooser-more" data-tile onClick={drawMore}>
      Show {rest} more
    </button>
  );
}
