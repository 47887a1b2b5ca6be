/** The palette: every label of the model, to be dragged or clicked onto the canvas. */

import { Search } from 'lucide-react';
import { useState } from 'react';
import { LABEL_DRAG_TYPE } from '#editor/canvas/canvas-events.ts';
import { moveOverTiles } from '#editor/dialogs/tile-keys.ts';
import { useGraph } from '#editor/document/document-store.ts';
import { createObject } from '#editor/document/gestures.ts';
import { kindIndex, labelGroups } from '#editor/document/vocabulary.ts';
import { isComposing } from '#editor/interface/composing.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { LabelIcon } from '#editor/menus/LabelIcon.tsx';
import { useShownFacts } from '#editor/painting/models/built-in.ts';
import { freePlace } from '#editor/viewport/free-place.ts';
import { aliasesByLabel } from '#graph/words/aliases.ts';
import { searchPalette } from './palette-search.ts';

const none: ReadonlyMap<string, readonly string[]> = new Map();

/**
 * The model's labels by kind: click puts one in the middle of the canvas, dragging puts it where you like. Tab stops at one of them, arrows
 * go on from there: a model may have hundreds.
 */
export function Palette() {
  const facts = useShownFacts();
  const graph = useGraph();
  const paletteOpen = useInterface((state) => state.paletteOpen);
  const [search, setSearch] = useState('');
  const labels = facts?.vocabulary.objects;
  const aliases = labels && search !== '' ? aliasesByLabel(labels) : none;
  const { groups, best } = searchPalette(labelGroups(facts, graph), search, aliases);
  const [focused, setFocused] = useState<string>();
  const shown = groups.flatMap(({ words }) => words.map(({ word }) => word));
  const stop = focused !== undefined && shown.includes(focused) ? focused : shown[0];
  return (
    <aside
      id="palette"
      className="palette"
      aria-label="Palette"
      onKeyDown={(event) => {
        moveOverTiles(event);
        if (event.key === 'Escape' && paletteOpen) closeDrawer();
      }}
    >
      <div className="palette-search">
        <Search size={14} aria-hidden />
        <input
          className="input"
          type="search"
          placeholder="Objects"
          aria-label="Search the palette"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !isComposing(event.nativeEvent) && best !== undefined) add(best);
          }}
        />
      </div>
      <div className="palette-list">
        {groups.map(({ heading, words }) => (
          <section
            key={heading}
            className="palette-group"
            style={{ '--kind': `var(--kind-${kindIndex(facts, words[0]!.word)})` }}
          >
            <h2>{heading}</h2>
            <ul className="palette-words">
              {words.map(({ word, alias }) => (
                <li key={word}>
                  <button
                    type="button"
                    className="palette-word"
                    data-tile
                    tabIndex={word === stop ? 0 : -1}
                    onFocus={() => setFocused(word)}
                    draggable
                    aria-label={`Add ${word}`}
                    onClick={() => add(word)}
                    onDragStart={(event) => {
                      event.dataTransfer.setData(LABEL_DRAG_TYPE, word);
                      event.dataTransfer.effectAllowed = 'copy';
                    }}
                  >
                    <LabelIcon label={word} />
                    {word}
                    {alias !== undefined && <small>{alias}</small>}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
        {groups.length === 0 && <p className="palette-empty">{emptyText(search.trim(), facts !== null)}</p>}
      </div>
    </aside>
  );
}

/** Where there is room beside the canvas, this changes nothing. */
function closeDrawer(): void {
  useInterface.getState().togglePalette();
  document.querySelector<HTMLElement>('[aria-controls="palette"]')?.focus();
}

function emptyText(wanted: string, hasModel: boolean): string {
  if (!hasModel)
    return 'The words a model knows appear here once one is loaded. Double-click the canvas to add any object.';
  return `No object named “${wanted}”. Double-click the canvas to use a word of your own.`;
}

function add(word: string): void {
  createObject(word, freePlace());
}
