import { ContextMenu } from 'radix-ui';
import { Fragment, type ReactNode, useRef, useState } from 'react';
import { isEnabled, perform } from '#editor/actions/action.ts';
import { alignItems } from '#editor/actions/align-actions.ts';
import { actionOf } from '#editor/actions/table.ts';
import { useDocument } from '#editor/document/document-store.ts';
import { ActionLabel } from './ActionLabel.tsx';

type Target = 'canvas' | 'object' | 'objects' | 'relation';

/** Ids of actions; null is a line between groups. */
const items: Readonly<Record<Target, readonly (string | null)[]>> = {
  canvas: ['add-object', 'paste', 'select-all', null, 'arrange', 'fit', null, 'perturb-any', 'generate'],
  object: ['relabel', 'attributes', 'add-relation', null, 'cut', 'copy', 'duplicate', null, 'remove'],
  objects: ['attributes', 'add-relation', null, 'cut', 'copy', 'duplicate', null, ...alignItems, null, 'remove'],
  relation: ['relabel', 'opposite', 'swap', 'surprise', 'sweep', null, 'remove'],
};

/** The right-click menu of the canvas: what is under the pointer is taken in hand first. */
export function CanvasMenu({ children }: { children: ReactNode }) {
  const [target, setTarget] = useState<Target>('canvas');
  // A finger that rests opens the menu too, and where it does no event says what it rests on.
  const under = useRef<EventTarget>(null);
  return (
    <ContextMenu.Root onOpenChange={(isOpen) => isOpen && setTarget(takeInHand(under.current))}>
      <ContextMenu.Trigger
        asChild
        onPointerDown={(event) => {
          under.current = event.target;
        }}
        onContextMenu={(event) => {
          under.current = event.target;
        }}
      >
        {children}
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content className="menu" collisionPadding={8}>
          {items[target].map((id, i) => (
            <Fragment key={id ?? `line-${items[target][i - 1]}`}>
              {id === null ? <ContextMenu.Separator className="menu-separator" /> : <Item id={id} />}
            </Fragment>
          ))}
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

function Item({ id }: { id: string }) {
  const action = actionOf(id);
  return (
    <ContextMenu.Item
      className="menu-item"
      disabled={!isEnabled(action)}
      textValue={action.label}
      onSelect={() => {
        // After the menu has given the focus back, so that a picker may take it.
        setTimeout(() => void perform(action.run));
      }}
    >
      <ActionLabel action={action} />
    </ContextMenu.Item>
  );
}

function takeInHand(target: EventTarget | null): Target {
  const element = target instanceof Element ? target : null;
  const { selection, select } = useDocument.getState();
  const object = element?.closest<HTMLElement>('.react-flow__node, .chip')?.dataset.id;
  if (object !== undefined) {
    if (selection.objects.length > 1 && selection.objects.includes(object)) return 'objects';
    if (!selection.objects.includes(object)) select({ objects: [object] });
    return 'object';
  }
  const relation =
    element?.closest<HTMLElement>('[data-relation]')?.dataset.relation ??
    element?.closest<HTMLElement>('.react-flow__edge')?.dataset.id;
  if (relation !== undefined) {
    select({ relations: [relation] });
    return 'relation';
  }
  return 'canvas';
}
