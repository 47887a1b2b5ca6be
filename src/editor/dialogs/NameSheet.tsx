import { type FormEvent, useId, useState } from 'react';
import { useInterface } from '#editor/interface/interface-store.ts';
import { Sheet } from './Sheet.tsx';

interface NameSheetProps {
  readonly title: string;
  readonly lead: string;
  readonly current: string;
  readonly maxLength: number;
  /** What goes for a name where none is given; without it one must be. */
  readonly unnamed?: string;
  readonly onName: (name: string) => void;
}

/** Asks for a name. */
export function NameSheet({ title, lead, current, maxLength, unnamed, onName }: NameSheetProps) {
  const show = useInterface((state) => state.show);
  const [name, setName] = useState(current);
  const form = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onName(name);
    show(null);
  };
  return (
    <Sheet title={title} lead={lead}>
      <form id={form} onSubmit={submit} className="field">
        <label htmlFor={`${form}-name`}>Name</label>
        <input
          id={`${form}-name`}
          className="input"
          value={name}
          maxLength={maxLength}
          placeholder={unnamed}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setName(event.target.value)}
        />
      </form>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => show(null)}>
          Cancel
        </button>
        <button
          type="submit"
          form={form}
          className="button button-primary"
          disabled={unnamed === undefined && name.trim() === ''}
        >
          Name it
        </button>
      </div>
    </Sheet>
  );
}
