import { Command, defaultFilter } from 'cmdk';
import { useState } from 'react';
import { useEngine } from '#editor/state/engine-store.ts';
import type { WordGroup } from '#editor/state/vocabulary.ts';

interface WordPickerProps {
  readonly title: string;
  readonly placeholder: string;
  readonly groups: readonly WordGroup[];
  readonly kind: 'label' | 'predicate';
  readonly current?: string;
  readonly onChoose: (word: string) => void;
}

/** A fuzzy search over words, with the way out for a word that is not listed where that can work. */
export function WordPicker({ title, placeholder, groups, kind, current, onChoose }: WordPickerProps) {
  const [search, setSearch] = useState('');
  const hasModel = useEngine((state) => state.status.type === 'ready');
  const typed = search.trim().replace(/\s+/g, ' ').toLowerCase();
  const isListed = groups.some(({ words }) => words.includes(typed));
  // Labels beyond the vocabulary go through word vectors; predicates are a closed set, unless no model is there to ask.
  const offersTyped = typed !== '' && typed.length <= 64 && !isListed && (kind === 'label' || !hasModel);
  const seen = new Set<string>();
  return (
    <Command label={title} loop filter={rank}>
      <div className="picker-title">{title}</div>
      <Command.Input autoFocus placeholder={placeholder} value={search} onValueChange={setSearch} />
      <Command.List>
        <Command.Empty>{kind === 'predicate' ? 'This model knows no such relation.' : 'Type a word.'}</Command.Empty>
        {groups.map(({ heading, words }) => (
          <Command.Group key={heading} heading={heading}>
            {words
              .filter((word) => !seen.has(word) && seen.add(word))
              .map((word) => (
                <Command.Item key={word} value={word} onSelect={() => onChoose(word)}>
                  {word}
                  {word === current && <span className="item-note">now</span>}
                </Command.Item>
              ))}
          </Command.Group>
        ))}
        {offersTyped && (
          <Command.Group heading={hasModel ? "Outside this model's vocabulary" : 'A new word'}>
            <Command.Item value={`use ${typed}`} keywords={[typed]} onSelect={() => onChoose(typed)}>
              Use “{typed}”{hasModel && <span className="item-note">by its meaning</span>}
            </Command.Item>
          </Command.Group>
        )}
      </Command.List>
    </Command>
  );
}

/** cmdk's fuzzy score; a word as typed always wins, and "use …" comes after every listed word. */
function rank(value: string, search: string, keywords?: string[]): number {
  const wanted = search.trim().toLowerCase();
  if (value === wanted) return 1;
  if (value.startsWith('use ') && keywords?.includes(wanted.replace(/\s+/g, ' '))) return 0.001;
  return defaultFilter(value, wanted) * 0.99;
}
