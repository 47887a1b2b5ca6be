import { type FormEvent, useId, useState } from 'react';
import { MAX_DOCUMENT_NAME, useDocument } from '#editor/document/document-store.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { Sheet } from './Sheet.tsx';

/** A name for the graph: of the tab, and of files that it is saved as. */
export function NameGraph() {
  const show = useInterface((state) => state.show);
  const [name, setName] = useState(useDocument.getState().name);
  const form = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    useDocument.getState().rename(name);
    show(null);
  };
  return (
    <Sheet title="Name the graph" lead="The tab and saved files are called so.">
      <form id={form} onSubmit={submit} className="field">
        <label htmlFor={`${form}-name`}>Name</label>
        <input
          id={`${form}-name`}
          className="input"
          value={name}
          maxLength={MAX_DOCUMENT_NAME}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setName(event.target.value)}
        />
      </form>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => show(null)}>
          Cancel
        </button>
        <button type="submit" form={form} className="button button-primary" disabled={name.trim() === ''}>
          Name it
        </button>
      </div>
    </Sheet>
  );
}
