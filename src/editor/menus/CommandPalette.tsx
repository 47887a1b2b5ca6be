import { Command } from 'cmdk';
import { Dialog } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { type Action, displayShortcut, isApple, isEnabled, perform } from '#editor/actions/action.ts';
import { openExample } from '#editor/actions/file-actions.ts';
import { actions, groupTitles } from '#editor/actions/table.ts';
import { createObject } from '#editor/document/gestures.ts';
import { examples } from '#editor/examples/examples.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { useFocusBack } from '#editor/interface/keep-focus.ts';
import { keepKeys } from '#editor/interface/typed-ahead.ts';
import { useManifest } from '#editor/painting/engine-store.ts';
import { freePlace } from '#editor/viewport/free-place.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import { aliasesByLabel } from '#graph/words/aliases.ts';
import { LabelIcon } from './LabelIcon.tsx';
import { matchOf, ranked } from './match.ts';
import { searchOf } from './search-text.ts';

const hidden = new Set(['commands', 'toggle-selected']);

/** Everything by typing: actions, objects to add, examples. */
export function CommandPalette() {
  const show = useInterface((state) => state.show);
  const manifest = useManifest();
  const focusBack = useFocusBack();
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState('');
  const groups = found([...actionGroups(), ...exampleGroup(), ...labelGroup(manifest)], searchOf(search));
  const values = groups.flatMap(({ entries }) => entries.filter(({ isOff }) => !isOff).map(({ value }) => value));
  const run = (what: Action['run']) => {
    show(null);
    // After the dialog gave the focus back. What is typed until then may be for what the command opens.
    const letKeysGo = keepKeys(() => undefined, { isDialog: false });
    requestAnimationFrame(() => {
      void perform(what);
      letKeysGo();
    });
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && show(null)}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content className="dialog command-dialog" aria-describedby={undefined} onCloseAutoFocus={focusBack}>
          <Dialog.Title className="visually-hidden">Commands</Dialog.Title>
          <Command
            label="Commands"
            loop
            shouldFilter={false}
            // A pointer that only rests where the list opens would choose for the keyboard.
            disablePointerSelection
            value={values.includes(chosen) ? chosen : (values[0] ?? '')}
            onValueChange={setChosen}
          >
            <Command.Input
              autoFocus
              placeholder="What would you like to do?"
              value={search}
              onValueChange={(text) => {
                setSearch(text);
                setChosen('');
              }}
            />
            <Command.List>
              <Command.Empty>Nothing by that name.</Command.Empty>
              {groups.map(({ title, entries }) => (
                <Command.Group key={title} heading={title}>
                  {entries.map((entry) => (
                    <Command.Item
                      key={entry.value}
                      value={entry.value}
                      disabled={entry.isOff}
                      onSelect={() => run(entry.run)}
                    >
                      {entry.icon}
                      {entry.text}
                      {entry.isOff && <span className="item-note">not now</span>}
                      {entry.shortcut !== undefined && !entry.isOff && (
                        <kbd aria-hidden>{displayShortcut(entry.shortcut, isApple())}</kbd>
                      )}
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface Entry {
  readonly value: string;
  readonly text: string;
  /** What it is searched by. */
  readonly name: string;
  readonly keywords: readonly string[];
  readonly icon: ReactNode;
  readonly shortcut?: string | undefined;
  /** Cannot be done as things are: shown to who asks for it by name. */
  readonly isOff: boolean;
  readonly run: Action['run'];
}

interface EntryGroup {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** Before anything is typed the groups with what can be done; then one list, the best match first. */
function found(groups: readonly EntryGroup[], wanted: string): readonly EntryGroup[] {
  if (wanted === '') {
    const possible = groups.map(({ title, entries }) => ({ title, entries: entries.filter(({ isOff }) => !isOff) }));
    return possible.filter(({ entries }) => entries.length > 0);
  }
  const all = groups.flatMap(({ entries }) => entries);
  const entries = ranked(all, ({ name, keywords }) => matchOf(name, wanted, keywords));
  const isPossible = ({ isOff }: Entry) => !isOff;
  return [{ title: '', entries: [...entries.filter(isPossible), ...entries.filter(({ isOff }) => isOff)] }];
}

function actionGroups(): EntryGroup[] {
  return Object.entries(groupTitles).map(([group, title]) => ({
    title,
    entries: actions
      .filter((action) => action.group === group && !hidden.has(action.id))
      .map((action) => {
        const { id, label, keywords = [], shortcuts, run } = action;
        const [icon, isOff] = [iconOf(action), !isEnabled(action)];
        return { value: id, text: label, name: label, keywords, icon, shortcut: shortcuts?.[0], isOff, run };
      }),
  }));
}

const iconOf = ({ icon: Icon }: Action): ReactNode => (
  <span className="menu-item-icon">{Icon && <Icon size={15} aria-hidden />}</span>
);

function exampleGroup(): EntryGroup[] {
  const entries = examples.map((example) => ({
    value: `example ${example.name}`,
    text: example.title,
    name: example.title,
    keywords: ['example'],
    icon: <span className="menu-item-icon" />,
    isOff: false,
    run: () => openExample(example),
  }));
  return [{ title: 'Examples', entries }];
}

function labelGroup(manifest: ModelFacts | null): EntryGroup[] {
  const labels = manifest?.vocabulary.objects ?? [];
  const aliases = aliasesByLabel(labels);
  const entries = labels.map((label) => ({
    value: `add ${label}`,
    text: `Add ${label}`,
    name: `Add ${label}`,
    keywords: aliases.get(label) ?? [],
    icon: <LabelIcon label={label} />,
    isOff: false,
    run: () => createObject(label, freePlace()),
  }));
  return [{ title: 'Add', entries }];
}
