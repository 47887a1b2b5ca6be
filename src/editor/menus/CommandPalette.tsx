import { Command } from 'cmdk';
import { Dialog } from 'radix-ui';
import { displayShortcut, isApple, isEnabled, perform } from '#editor/actions/action.ts';
import { openExample } from '#editor/actions/file-actions.ts';
import { actions, groupTitles } from '#editor/actions/table.ts';
import { createObject } from '#editor/document/gestures.ts';
import { examples } from '#editor/examples/examples.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { useManifest } from '#editor/painting/engine-store.ts';
import { freePlace } from '#editor/viewport/free-place.ts';
import { LabelIcon } from './LabelIcon.tsx';

const hidden = new Set(['commands', 'toggle-selected']);

/** Everything by typing: actions, objects to add, examples. */
export function CommandPalette() {
  const isOpen = useInterface((state) => state.dialog?.type === 'commands');
  const show = useInterface((state) => state.show);
  const manifest = useManifest();
  if (!isOpen) return null;
  const run = (what: () => void | Promise<void>) => {
    show(null);
    // After the dialog gave the focus back.
    requestAnimationFrame(() => void perform(what));
  };
  const groups = Object.entries(groupTitles).map(([group, title]) => ({
    title,
    items: actions.filter((action) => action.group === group && !hidden.has(action.id) && isEnabled(action)),
  }));
  return (
    <Dialog.Root open onOpenChange={(open) => !open && show(null)}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content className="dialog command-dialog" aria-describedby={undefined}>
          <Dialog.Title className="visually-hidden">Commands</Dialog.Title>
          {/* A pointer that only rests where the list opens would choose for the keyboard. */}
          <Command label="Commands" loop disablePointerSelection>
            <Command.Input autoFocus placeholder="What would you like to do?" />
            <Command.List>
              <Command.Empty>Nothing by that name.</Command.Empty>
              {groups.map(({ title, items }) =>
                items.length === 0 ? null : (
                  <Command.Group key={title} heading={title}>
                    {items.map(({ id, label, icon: Icon, shortcuts, run: what }) => (
                      <Command.Item key={id} value={label} onSelect={() => run(what)}>
                        <span className="menu-item-icon">{Icon && <Icon size={15} aria-hidden />}</span>
                        {label}
                        {shortcuts?.[0] && <kbd aria-hidden>{displayShortcut(shortcuts[0], isApple())}</kbd>}
                      </Command.Item>
                    ))}
                  </Command.Group>
                ),
              )}
              <Command.Group heading="Examples">
                {examples.map((example) => (
                  <Command.Item
                    key={example.name}
                    value={`Example: ${example.title}`}
                    onSelect={() => run(() => openExample(example))}
                  >
                    <span className="menu-item-icon" />
                    {example.title}
                  </Command.Item>
                ))}
              </Command.Group>
              <Command.Group heading="Add">
                {manifest?.vocabulary.objects.map((label) => (
                  <Command.Item
                    key={label}
                    value={`Add ${label}`}
                    onSelect={() => run(() => createObject(label, freePlace()))}
                  >
                    <LabelIcon label={label} />
                    Add {label}
                  </Command.Item>
                ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
