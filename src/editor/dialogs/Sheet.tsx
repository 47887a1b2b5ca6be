import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { useInterface } from '#editor/interface/interface-store.ts';
import { useFocusBack } from '#editor/interface/keep-focus.ts';

interface SheetProps {
  readonly title: string;
  readonly lead: string;
  readonly isWide?: boolean;
  /** What closing does, where the dialog is not the interface store's. */
  readonly onClose?: () => void;
  readonly children: ReactNode;
}

/** The frame of every dialog: title, one sentence, a way out. */
export function Sheet({ title, lead, isWide = false, onClose, children }: SheetProps) {
  const show = useInterface((state) => state.show);
  const focusBack = useFocusBack();
  const close = onClose ?? (() => show(null));
  return (
    <Dialog.Root open onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content
          className={isWide ? 'dialog dialog-wide' : 'dialog'}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            firstField(event.target).focus();
          }}
          onEscapeKeyDown={(event) => {
            if (event.target instanceof Element && event.target.matches(TAKES_BACK)) event.preventDefault();
          }}
          onCloseAutoFocus={focusBack}
        >
          <div className="dialog-head">
            <Dialog.Title>{title}</Dialog.Title>
            <Dialog.Close className="button button-quiet button-icon" aria-label="Close">
              <X size={16} aria-hidden />
            </Dialog.Close>
          </div>
          <Dialog.Description className="dialog-lead">{lead}</Dialog.Description>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Escape there takes back a wrong number or a question, and leaves the dialog open. */
const TAKES_BACK = '[aria-invalid="true"], [data-asks="true"]';

/** What a dialog is opened for; one that is only read has the focus itself. */
function firstField(target: EventTarget | null): HTMLElement {
  const content = target as HTMLElement;
  return content.querySelector<HTMLElement>(FIELDS) ?? content;
}

const FIELDS = ['input', 'select', 'textarea', '[role="radio"]', '[data-tile]'].map((name) => `${name}:enabled`).join();
