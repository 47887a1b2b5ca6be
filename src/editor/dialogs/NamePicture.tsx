import { type FormEvent, useId, useState } from 'react';
import { MAX_NAME } from '#editor/history/picture-record.ts';
import { findPicture, usePictures } from '#editor/history/pictures-store.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { Sheet } from './Sheet.tsx';

/** A name for a picture of the history; without one it goes by its seed. */
export function NamePicture({ id }: { id: string }) {
  const show = useInterface((state) => state.show);
  const record = findPicture(id);
  const [name, setName] = useState(record?.name ?? '');
  const form = useId();
  if (!record) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    usePictures.getState().rename(id, name);
    show(null);
  };
  return (
    <Sheet title="Name the picture" lead="The name is shown in the history instead of the seed.">
      <form id={form} onSubmit={submit} className="field">
        <label htmlFor={`${form}-name`}>Name</label>
        <input
          id={`${form}-name`}
          className="input"
          value={name}
          maxLength={MAX_NAME}
          placeholder={`Seed ${record.settings.seed}`}
          onChange={(event) => setName(event.target.value)}
        />
      </form>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => show(null)}>
          Cancel
        </button>
        <button type="submit" form={form} className="button button-primary">
          Name it
        </button>
      </div>
    </Sheet>
  );
}
