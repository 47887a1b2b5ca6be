import { type FormEvent, useId, useState } from 'react';
import { useGraph } from '#editor/document/document-store.ts';
import { relate } from '#editor/document/gestures.ts';
import { predicateGroups } from '#editor/document/vocabulary.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { useManifest } from '#editor/painting/engine-store.ts';
import { namesOf } from '#graph/words/describe.ts';
import { Sheet } from './Sheet.tsx';

/** Connecting two objects without a mouse: subject, predicate, object. */
export function AddRelation({ subject: given }: { subject: string | undefined }) {
  const graph = useGraph();
  const manifest = useManifest();
  const show = useInterface((state) => state.show);
  const names = namesOf(graph);
  const [subject, setSubject] = useState(given ?? graph.objects[0]?.id ?? '');
  const [object, setObject] = useState(graph.objects.find(({ id }) => id !== subject)?.id ?? '');
  const [predicate, setPredicate] = useState('');
  const form = useId();
  const label = (id: string) => graph.objects.find((candidate) => candidate.id === id)?.label;
  const groups = predicateGroups(manifest, graph, label(subject), label(object));
  const chosen = predicate || (groups[0]?.words[0] ?? '');
  const isSelf = subject === object;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isSelf || chosen === '') return;
    show(null);
    relate(subject, chosen, object);
  };
  const objectField = (title: string, value: string, set: (id: string) => void) => (
    <div className="field">
      <label htmlFor={`${form}-${title}`}>{title}</label>
      <select id={`${form}-${title}`} className="input" value={value} onChange={(event) => set(event.target.value)}>
        {graph.objects.map(({ id }) => (
          <option key={id} value={id}>
            {names.get(id)}
          </option>
        ))}
      </select>
    </div>
  );
  return (
    <Sheet title="Add relation" lead="Say how two objects of the graph relate.">
      <form id={form} onSubmit={submit} className="relation-form">
        {objectField('Subject', subject, setSubject)}
        <div className="field">
          <label htmlFor={`${form}-predicate`}>Predicate</label>
          {groups.length > 0 ? (
            <select
              id={`${form}-predicate`}
              className="input"
              value={chosen}
              onChange={(event) => setPredicate(event.target.value)}
            >
              {groups.map(({ heading, words }) => (
                <optgroup key={heading} label={heading}>
                  {words.map((word) => (
                    <option key={word}>{word}</option>
                  ))}
                </optgroup>
              ))}
            </select>
          ) : (
            <input
              id={`${form}-predicate`}
              className="input"
              value={predicate}
              maxLength={64}
              onChange={(event) => setPredicate(event.target.value)}
            />
          )}
        </div>
        {objectField('Object', object, setObject)}
      </form>
      {isSelf && <p role="alert">An object cannot be related to itself.</p>}
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => show(null)}>
          Cancel
        </button>
        <button type="submit" form={form} className="button button-primary" disabled={isSelf || chosen.trim() === ''}>
          Add relation
        </button>
      </div>
    </Sheet>
  );
}
