import { Command } from 'cmdk';
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { attributeWords, type WordGroup } from '#editor/document/vocabulary.ts';
import { useEngine, useManifest } from '#editor/painting/engine-store.ts';
import { consider } from '#editor/painting/live.ts';
import { sayReading, useReading } from '#editor/painting/word-readings.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { aliasesByLabel } from '#graph/words/aliases.ts';
import { type Phrase, readPhrase } from '#graph/words/phrase.ts';
import { LabelIcon } from './LabelIcon.tsx';
import { matchOf, ranked } from './match.ts';
import { Swatch } from './Swatch.tsx';
import { searchOf } from './search-text.ts';

interface WordPickerProps {
  readonly title: string;
  readonly placeholder: string;
  readonly groups: readonly WordGroup[];
  readonly kind: 'label' | 'predicate' | 'attribute';
  readonly current?: string;
  /** Said below the words. */
  readonly note?: string;
  /** What an answer would make of the graph: with Live on it is drafted before it is given. */
  readonly outcome?: (word: string) => SceneGraph;
  readonly onChoose: (word: string) => void;
  /** Takes words that say more of an object than its label: "red car". */
  readonly onPhrase?: (phrase: Phrase) => void;
  /** Objects that a phrase may be; 1 when absent. */
  readonly most?: number;
  /** The current word stands in the field, and what is typed takes its place. */
  readonly isRename?: boolean;
  /** Of a rename that is left by pressing elsewhere. */
  readonly takeTyped?: Ref<() => void>;
}

/** A search over words and what they may also be called, with the way out for a word that is not listed where that can work. */
export function WordPicker(props: WordPickerProps) {
  const { title, placeholder, kind, current, note, onPhrase, isRename = false } = props;
  const [search, setSearch] = useState(isRename ? (current ?? '') : '');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const hasModel = useEngine((state) => state.status.type === 'ready');
  const typed = isRename && search === current ? '' : searchOf(search);
  // What it is comes first: Enter on a field that nobody typed into leaves it.
  const groups = isRename ? [{ heading: '', words: [current ?? ''] }, ...props.groups] : props.groups;
  const phrase = usePhrase(typed, props);
  const isListed = groups.some(({ words }) => words.includes(typed));
  // Labels and attributes beyond the vocabulary go through word vectors; predicates are a closed set, unless no model is there to ask.
  const canUseTyped = typed !== '' && typed.length <= 64 && !isListed && (kind !== 'predicate' || !hasModel);
  const offersTyped = canUseTyped && phrase === undefined;
  const found = useFound(groups, typed, kind);
  const [chosen, setChosen] = useState('');
  // Where it stays open, the next word begins anew.
  const onChoose = (word: string) => {
    setSearch('');
    setChosen('');
    props.onChoose(word);
  };
  const shown = [
    ...(phrase ? [PHRASE] : []),
    ...found.flatMap(({ words }) => words),
    ...(offersTyped ? [`use ${typed}`] : []),
  ];
  // A model that arrives while somebody types changes the list under the same search.
  const highlighted = shown.includes(chosen) ? chosen : (shown[0] ?? '');
  const isListedNow = found.some(({ words }) => words.includes(highlighted));
  useConsidered(isListedNow && highlighted !== current ? props.outcome?.(highlighted) : undefined);
  useImperativeHandle(props.takeTyped, () => () => {
    if (!isRename) return;
    if (phrase) onPhrase?.(phrase);
    else if (isListed) onChoose(typed);
  });
  return (
    <Command label={title} loop shouldFilter={false} value={highlighted} onValueChange={setChosen}>
      {!isRename && <div className="picker-title">{title}</div>}
      <Command.Input
        ref={field}
        autoFocus
        placeholder={placeholder}
        value={search}
        onValueChange={(text) => {
          setSearch(text);
          setChosen('');
        }}
      />
      <Command.List>
        <Command.Empty>{kind === 'predicate' ? 'This model knows no such relation.' : 'Type a word.'}</Command.Empty>
        {phrase && (
          <Command.Item value={PHRASE} onSelect={() => onPhrase?.(phrase)}>
            <LabelIcon label={phrase.label} />
            {typed}
            {phrase.count > 1 && <span className="item-note">{phrase.count} objects</span>}
          </Command.Item>
        )}
        {found.map(({ heading, words }) => (
          <Command.Group key={heading} heading={heading}>
            {words.map((word) => (
              <Command.Item key={word} value={word} onSelect={() => onChoose(word)}>
                {kind === 'label' && <LabelIcon label={word} />}
                {kind === 'attribute' && <Swatch word={word} />}
                {word}
                {word === current && <span className="item-note">now</span>}
              </Command.Item>
            ))}
          </Command.Group>
        ))}
        {offersTyped &&
          (kind === 'attribute' ? (
            <Command.Group heading="A new word">
              <Command.Item value={`use ${typed}`} onSelect={() => onChoose(typed)}>
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

function useConsidered(graph: SceneGraph | undefined): void {
  useEffect(() => consider(graph));
  useEffect(() => () => consider(undefined), []);
}

/** No word of any vocabulary. */
const PHRASE = ' phrase';

/** What the typed words say of an object beyond its label. */
function usePhrase(typed: string, { kind, onPhrase, most = 1 }: WordPickerProps): Phrase | undefined {
  const manifest = useManifest();
  if (!manifest || kind !== 'label' || !onPhrase || typed === '') return undefined;
  const labels = manifest.vocabulary.objects;
  // A label of several words is itself.
  if (labels.includes(typed)) return undefined;
  const phrase = readPhrase(typed, { labels, attributes: attributeWords(manifest) });
  return phrase && phrase.count <= most ? phrase : undefined;
}

/** Before anything is typed the groups, each word once; then one list, the best match first: a group is no reason to stand above it. */
function useFound(groups: readonly WordGroup[], typed: string, kind: WordPickerProps['kind']): readonly WordGroup[] {
  const labels = useManifest()?.vocabulary.objects;
  const seen = new Set<string>();
  const once = groups.map(({ heading, words }) => ({
    heading,
    words: words.filter((word) => !seen.has(word) && seen.add(word)),
  }));
  if (typed === '') return once;
  const aliases = labels && kind === 'label' ? aliasesByLabel(labels) : none;
  const words = ranked([...seen], (word) => matchOf(word, typed, aliases.get(word)));
  return words.length > 0 ? [{ heading: '', words }] : [];
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
      <Command.Item value={`use ${word}`} onSelect={() => onChoose(word)}>
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
