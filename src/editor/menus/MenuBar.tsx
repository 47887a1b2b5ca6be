/** The menus, and the pickers of words: they offer actions and words and decide nothing. */

import { ChevronRight } from 'lucide-react';
import { Menubar } from 'radix-ui';
import { type MouseEvent, useRef } from 'react';
import { isEnabled, perform } from '#editor/actions/action.ts';
import { alignItems } from '#editor/actions/align-actions.ts';
import { openExample } from '#editor/actions/file-actions.ts';
import { actionOf } from '#editor/actions/table.ts';
import { examples } from '#editor/examples/examples.ts';
import { focusCanvas, hasDialog } from '#editor/interface/keep-focus.ts';
import { describe as inWords } from '#graph/words/describe.ts';
import { ActionLabel } from './ActionLabel.tsx';

interface Menu {
  readonly title: string;
  /** Ids of actions; null is a line between groups. */
  readonly items: readonly (string | null | Menu)[];
}

const menus: readonly Menu[] = [
  {
    title: 'File',
    items: [
      'new',
      'graphs',
      'open',
      'gallery',
      null,
      'save',
      'save-as',
      'name-graph',
      'save-sg2im',
      'save-dot',
      'save-canvas-svg',
      'save-canvas-png',
      'share-link',
      null,
      'model',
      null,
      'export-png',
      'export-png-2',
      'export-png-4',
      'copy-picture',
    ],
  },
  {
    title: 'Edit',
    items: [
      'undo',
      'redo',
      null,
      'cut',
      'copy',
      'paste',
      'duplicate',
      'remove',
      null,
      'select-all',
      { title: 'Align', items: alignItems },
      null,
      'sentence',
      'add-object',
      'add-relation',
      'relabel',
      'attributes',
      null,
      'opposite',
      'swap',
      'surprise',
      'sweep',
      'perturb-any',
    ],
  },
  {
    title: 'Picture',
    items: [
      'generate',
      'cancel',
      'variations',
      'sweep-styles',
      'repair',
      'paint-over',
      null,
      'dice',
      'seed-lock',
      'live',
      'keep-rest',
      null,
      'whole-picture',
      'compare-single',
      'compare-side',
      'compare-slider',
      'compare-difference',
      null,
      'star',
      'name-picture',
      'manage-history',
      'history-tree',
      null,
      'copy-picture',
      'export-png',
      'branch-page',
      'branch-gif',
    ],
  },
  {
    title: 'View',
    items: [
      'fit',
      'zoom-in',
      'zoom-out',
      'zoom-100',
      'arrange',
      null,
      'on-picture',
      'minimap',
      'snap',
      null,
      'theme-light',
      'theme-dark',
      'theme-system',
      null,
      'tour',
      'machine',
      'help',
    ],
  },
];

export function MenuBar() {
  // Where something was chosen the work goes on at the canvas: on the menu's own button Enter would open the menu again.
  const hasChosen = useRef(false);
  const content = {
    className: 'menu',
    align: 'start',
    sideOffset: 5,
    onCloseAutoFocus: (event: Event) => {
      if (!hasChosen.current) return;
      hasChosen.current = false;
      event.preventDefault();
      if (!hasDialog()) focusCanvas();
    },
    onClick: ({ target }: MouseEvent) => {
      hasChosen.current = (target as Element).closest('[role^="menuitem"]:not([aria-haspopup])') !== null;
    },
  } as const;
  return (
    <Menubar.Root className="menu-bar" aria-label="Main menu">
      {menus.map(({ title, items }) => (
        <Menubar.Menu key={title}>
          <Menubar.Trigger className="menu-trigger">{title}</Menubar.Trigger>
          <Menubar.Portal>
            <Menubar.Content {...content}>
              <Items items={items} />
            </Menubar.Content>
          </Menubar.Portal>
        </Menubar.Menu>
      ))}
      <Menubar.Menu>
        <Menubar.Trigger className="menu-trigger">Examples</Menubar.Trigger>
        <Menubar.Portal>
          <Menubar.Content {...content} style={{ width: 320 }}>
            {examples.map((example) => (
              <Menubar.Item
                key={example.name}
                className="menu-item"
                textValue={example.title}
                aria-label={example.title}
                onSelect={() => openExample(example)}
              >
                <span>
                  {example.title}
                  <small>{inWords(example.graph)}</small>
                </span>
              </Menubar.Item>
            ))}
          </Menubar.Content>
        </Menubar.Portal>
      </Menubar.Menu>
    </Menubar.Root>
  );
}

function Items({ items }: Pick<Menu, 'items'>) {
  return items.map((item, index) => {
    // A line goes by what is above it.
    if (item === null) return <Menubar.Separator key={`line-${items[index - 1]}`} className="menu-separator" />;
    if (typeof item === 'string') return <ActionItem key={item} id={item} />;
    return (
      <Menubar.Sub key={item.title}>
        <Menubar.SubTrigger className="menu-item">
          <span className="menu-item-icon" />
          {item.title}
          <ChevronRight className="menu-item-more" size={14} aria-hidden />
        </Menubar.SubTrigger>
        <Menubar.Portal>
          <Menubar.SubContent className="menu" sideOffset={4} alignOffset={-5} collisionPadding={8}>
            <Items items={item.items} />
          </Menubar.SubContent>
        </Menubar.Portal>
      </Menubar.Sub>
    );
  });
}

function ActionItem({ id }: { id: string }) {
  const action = actionOf(id);
  const common = {
    className: 'menu-item',
    disabled: !isEnabled(action),
    // After the menu has given the focus back, so that a picker may take it.
    onSelect: () => setTimeout(() => void perform(action.run)),
    textValue: action.label,
  };
  return action.checked ? (
    <Menubar.CheckboxItem {...common} checked={action.checked()}>
      <ActionLabel action={action} />
    </Menubar.CheckboxItem>
  ) : (
    <Menubar.Item {...common}>
      <ActionLabel action={action} />
    </Menubar.Item>
  );
}
