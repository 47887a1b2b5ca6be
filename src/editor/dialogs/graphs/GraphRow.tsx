import { Copy, Pencil, Trash2 } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { perform } from '#editor/actions/action.ts';
import { MAX_DOCUMENT_NAME } from '#editor/document/document-store.ts';
import { documentOf } from '#editor/history/picture-record.ts';
import { usePictures } from '#editor/history/pictures-store.ts';
import { PictureCanvas } from '#editor/picture/PictureCanvas.tsx';
import { duplicateGraph, nameStoredGraph } from '#editor/session/graph-list.ts';
import type { StoredGraph } from '#editor/session/stored-graphs.ts';
import { describe as inWords } from '#graph/words/describe.ts';
import { GraphThumbnail } from './GraphThumbnail.tsx';

interface GraphRowProps {
  readonly graph: StoredGraph;
  /** On the canvas of this tab. */
  readonly isHere: boolean;
  readonly onOpen: () => void;
  readonly onDelete: () => void;
}

/** One graph: its drawing, its newest picture, its name, and what can be done with it. */
export function GraphRow({ graph, isHere, onOpen, onDelete }: GraphRowProps) {
  const [isNaming, setNaming] = useState(false);
  const tile = useRef<HTMLButtonElement>(null);
  const picture = usePictures(({ records }) => records.find((record) => documentOf(record) === graph.document));
  const { name, changedAt } = graph;
  const remove = () => {
    if (isHere) return;
    const row = tile.current?.closest('li');
    const next = (row?.nextElementSibling ?? row?.previousElementSibling)?.querySelector<HTMLElement>('[data-tile]');
    onDelete();
    next?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'F2') setNaming(true);
    else if (event.key === 'Delete') remove();
    else return;
    event.preventDefault();
  };
  const rename = (title: string | null) => {
    setNaming(false);
    if (title !== null) void perform(() => nameStoredGraph(graph, title));
    requestAnimationFrame(() => tile.current?.focus());
  };
  return (
    <li className="graph-row">
      {isNaming ? (
        <NameField name={name} onName={rename} />
      ) : (
        <button
          ref={tile}
          type="button"
          className="choice choice-graph"
          data-tile
          aria-current={isHere}
          onClick={onOpen}
          onKeyDown={onKeyDown}
        >
          <GraphThumbnail graph={graph.graph} />
          {picture && (
            <span className="graph-picture">
              <PictureCanvas picture={picture.result.picture} />
            </span>
          )}
          <span>
            {name}
            <small>{inWords(graph.graph).slice(0, 160)}</small>
            <small>{isHere ? 'on the canvas' : timeText(changedAt)}</small>
          </span>
        </button>
      )}
      <span className="graph-tools">
        <Tool label={`Name ${name}`} title="Name (F2)" onClick={() => setNaming(true)}>
          <Pencil size={14} aria-hidden />
        </Tool>
        <Tool label={`Duplicate ${name}`} title="Duplicate" onClick={() => void perform(() => duplicateGraph(graph))}>
          <Copy size={14} aria-hidden />
        </Tool>
        <Tool
          label={`Delete ${name}`}
          title={isHere ? 'It is on the canvas: open another one to delete it' : 'Delete (Del)'}
          disabled={isHere}
          onClick={remove}
        >
          <Trash2 size={14} aria-hidden />
        </Tool>
      </span>
    </li>
  );
}

/** @param onName null where the name stays as it is */
function NameField({ name, onName }: { readonly name: string; readonly onName: (title: string | null) => void }) {
  // The field loses the focus as it goes, too.
  const isDone = useRef(false);
  const finish = (title: string | null) => {
    if (!isDone.current) onName(title);
    isDone.current = true;
  };
  return (
    <input
      className="input graph-name"
      aria-label="Name"
      data-asks="true"
      defaultValue={name}
      maxLength={MAX_DOCUMENT_NAME}
      // biome-ignore lint/a11y/noAutofocus: it was asked for
      autoFocus
      onFocus={({ target }) => target.select()}
      onBlur={({ target }) => finish(target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish(event.currentTarget.value);
        else if (event.key === 'Escape') finish(null);
      }}
    />
  );
}

interface ToolProps {
  readonly label: string;
  readonly title: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Tool({ label, children, ...button }: ToolProps) {
  return (
    <button type="button" className="button button-quiet button-icon" aria-label={label} {...button}>
      {children}
    </button>
  );
}

const timeText = (time: number): string =>
  new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
