import { type FormEvent, type KeyboardEvent, useDeferredValue, useId, useMemo, useState } from 'react';
import { useGraph } from '#editor/document/document-store.ts';
import { isComposing } from '#editor/interface/composing.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { useManifest } from '#editor/painting/engine-store.ts';
import { insertGraph, withChosen } from '#editor/sentence/insert-graph.ts';
import { MAX_TEXT_LENGTH, readText } from '#editor/sentence/read-text.ts';
import { fitCanvasSoon } from '#editor/viewport/canvas-handle.ts';
import { Sheet } from './Sheet.tsx';
import { Understood } from './Understood.tsx';

const EXAMPLE = 'a boy riding a horse in front of a house under the sky';

/** A sentence becomes a graph; what was understood is shown while it is typed. */
export function SentenceToGraph() {
  const show = useInterface((state) => state.show);
  const manifest = useManifest();
  const hasGraph = useGraph().objects.length > 0;
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  const deferred = useDeferredValue(text);
  const reading = useMemo(() => readText(deferred, manifest), [deferred, manifest]);
  const choice = (words: string) => chosen[words] || undefined;
  const id = useId();

  const insert = (how: 'add' | 'replace') => {
    // What was typed last, though its preview may not be there yet.
    const { graph, open } = deferred === text ? reading : readText(text, manifest);
    if (graph.objects.length === 0) return;
    show(null);
    insertGraph(withChosen(graph, open, choice), how);
    fitCanvasSoon();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    insert('add');
  };
  const submitByKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event.nativeEvent)) return;
    event.preventDefault();
    insert('add');
  };
  const isEmpty = reading.graph.objects.length === 0;
  return (
    <Sheet title="Sentence to graph" lead="Say in plain English what is in the picture, and how it stands together.">
      <form id={`${id}-form`} onSubmit={submit}>
        <label htmlFor={`${id}-text`}>Sentence</label>
        <textarea
          id={`${id}-text`}
          className="input sentence-input"
          rows={3}
          // biome-ignore lint/a11y/noAutofocus: the dialog is opened to be typed into
          autoFocus
          maxLength={MAX_TEXT_LENGTH}
          placeholder={EXAMPLE}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={submitByKey}
        />
      </form>
      {text.trim() === '' ? (
        <button type="button" className="button" onClick={() => setText(EXAMPLE)}>
          Try “{EXAMPLE}”
        </button>
      ) : (
        <Understood
          reading={{ ...reading, graph: withChosen(reading.graph, reading.open, choice) }}
          chosen={chosen}
          onChoose={(words, predicate) => setChosen((before) => ({ ...before, [words]: predicate }))}
        />
      )}
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => show(null)}>
          Cancel
        </button>
        {hasGraph && (
          <button type="button" className="button" disabled={isEmpty} onClick={() => insert('replace')}>
            Replace the graph
          </button>
        )}
        <button type="submit" form={`${id}-form`} className="button button-primary" disabled={isEmpty}>
          {hasGraph ? 'Add to the graph' : 'Make the graph'}
        </button>
      </div>
    </Sheet>
  );
}
