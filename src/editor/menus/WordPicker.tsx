import { Command, defaultFilter } from 'cmdk';
import { useEffect, useRef, useState } from 'react';
import type { WordGroup } from '#editor/document/vocabulary.ts';
import { useEngine, useManifest } from '#editor/painting/engine-store.ts';
import { sayReading, useReading } from '#editor/painting/word-readings.ts';
import { aliasesByLabel } from '#graph/words/aliases.ts';
import { LabelIcon } from './LabelIcon.tsx';

interface WordPickerProps {
  readonly title: string;
  readonly placeholder: string;
  readonly groups: readonly WordGroup[];
  readonly kind: 'label' | 'predicate' | 'attribute';
  readonly current?: string;
  /** Said below the words. */
  readonly note?: string;
  readonly onChoose: (word: string) => void;
}

/** A fuzzy search over words and what they may also be called, with the way out for a word that is not listed where that can work. */
export function WordPicker({ title, placeholder, groups, kind, current, note, onChoose }: WordPickerProps) {
  const [search, setSearch] = useState('');
  const hasModel = useEngine((state) => state.status.type === 'ready');
  const typed = search.trim().replace(/\s+/g, ' ').toLowerCase();
  const isListed = groups.some(({ words }) => words.includes(typed));
  // Labels and attributes beyond the vocabulary go through word vectors; predicates are a closed set, unless no model is there to ask.
  const offersTyped = typed !== '' && typed.length <= 64 && !isListed && (kind !== 'predicate' || !hasModel);
  const labels = useManifest()?.vocabulary.objects;
  const aliases = labels && kind === 'label' ? aliasesByLabel(labels) : none;
  const [selected, setSelected] = useState('');
  const root = useRef<HTMLDivElement>(null);
  // cmdk selects when the search changes. A model that arrives while somebody types changes the list under the same search, and Enter
  // would then do nothing; in the next frame the list is filtered.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const shown = [...(root.current?.querySelectorAll('[cmdk-item]') ?? [])].map((item) =>
        item.getAttribute('data-value'),
      );
      if (!shown.includes(selected)) setSelected(shown[0] ?? '');
    });
    return () => cancelAnimationFrame(frame);
  });
  const seen = new Set<string>();
  return (
    <Command ref={root} label={title} loop filter={rank} value={selected} onValueChange={setSelected}>
      <div className="picker-title">{title}</div>
      <Command.Input autoFocus placeholder={placeholder} value={search} onValueChange={setSearch} />
      <Command.List>
        <Command.Empty>{kind === 'predicate' ? 'This model knows no such relation.' : 'Type a word.'}</Command.Empty>
        {groups.map(({ heading, words }) => (
          <Command.Group key={heading} heading={heading}>
            {words
              .filter((word) => !seen.has(word) && seen.add(word))
              .map((word) => (
                <Command.Item
                  key={word}
                  value={word}
                  keywords={[...(aliases.get(word) ?? [])]}
                  onSelect={() => onChoose(word)}
                >
                  {kind === 'label' && <LabelIcon label={word} />}
                  {word}
                  {word === current && <span className="item-note">now</span>}
                </Command.Item>
              ))}
          </Command.Group>
        ))}
        {offersTyped &&
          (kind === 'attribute' ? (
            <Command.Group heading="A new word">
              <Command.Item value={`use ${typed}`} keywords={[typed]} onSelect={() => onChoose(typed)}>
                Use “{typed}”
              </Command.Item>
            </Command.Group>
          ) : (
            <TypedWord word={typed} hasModel={hasModel} onChoose={onChoose} />
          ))}
      </Command.List>
      {note !== undefined && <p className="picker-note">{note}</p>}
    </Command>
  );
}

/** A word outside the vocabulary, and what the model will make of it. */
function TypedWord({
  word,
  hasModel,
  onChoose,
}: {
  word: string;
  hasModel: boolean;
  onChoose: (word: string) => void;
}) {
  const reading = useReading(hasModel ? word : '');
  const isUnknown = reading?.by === 'unknown';
  return (
    <Command.Group heading={hasModel ? "Outside this model's vocabulary" : 'A new word'}>
      <Command.Item value={`use ${word}`} keywords={[word]} onSelect={() => onChoose(word)}>
        Use “{word}”{reading && 'label' in reading && <span className="item-note">→ near {reading.label}</span>}
      </Command.Item>
      {reading && (
        <p className={isUnknown ? 'picker-note picker-note-bad' : 'picker-note'} role="status">
          {sayReading(reading)}
          {isUnknown && ' A picture needs another word.'}
        </p>
      )}
    </Command.Group>
  );
}

const none: ReadonlyMap<string, readonly string[]> = new Map();

/** cmdk's fuzzy score; a word as typed always wins, then the label that a typed alias stands for, and "use …" comes last. */
function rank(value: string, search: string, keywords: string[] = []): number {
  const wanted = search.trim().toLowerCase().replace(/\s+/g, ' ');
  if (value === wanted) return 1;
  if (value.startsWith('use ')) return keywords.includes(wanted) ? 0.001 : 0;
  if (keywords.includes(wanted)) return 0.995;
  const begun = wanted.length >= 2 && keywords.some((alias) => alias.startsWith(wanted)) ? 0.5 : 0;
  return Math.max(begun, defaultFilter(value, wanted) * 0.99);
}
