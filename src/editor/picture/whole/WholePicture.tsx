import { ChevronLeft, ChevronRight, Minimize, X, ZoomIn, ZoomOut } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { useCurrentPicture, usePictures } from '#editor/history/pictures-store.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { useFocusBack } from '#editor/interface/keep-focus.ts';
import { ChangeNote } from '#editor/picture/ChangeNote.tsx';
import { CompareBar } from '#editor/picture/CompareBar.tsx';
import { StageContent } from '#editor/picture/Stage.tsx';
import { useView } from './use-view.ts';

/** The picture as large as the screen: closer by wheel and keys, on through the history, compared with the one before. */
export function WholePicture() {
  const show = useInterface((state) => state.show);
  const focusBack = useFocusBack();
  const record = useCurrentPicture();
  if (!record) return null;
  return (
    <Dialog.Root open onOpenChange={(open) => !open && show(null)}>
      <Dialog.Portal>
        <Dialog.Content
          className="whole-picture"
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (event.target as HTMLElement).querySelector<HTMLElement>('.whole-frame')?.focus();
          }}
          onCloseAutoFocus={focusBack}
        >
          <Look record={record} close={() => show(null)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Look({ record, close }: { readonly record: PictureRecord; readonly close: () => void }) {
  const panes = useRef<HTMLDivElement>(null);
  const look = useView(panes, record.result.picture);
  const { view, hasSquares, hand } = look;
  const { place, count, step } = useWalk();
  const onKeyDown = (event: KeyboardEvent) => {
    // The slider and the choice of a view have arrow keys of their own.
    if ((event.target as Element).closest('input, [role="radio"]') && event.key.startsWith('Arrow')) return;
    // The key that opened it, unless a button has the focus.
    if (event.key === ' ' && event.target === event.currentTarget) close();
    const isTaken = look.onKey(event) || (event.key in steps && step(steps[event.key]!));
    if (isTaken) event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the dialog's own keys; everything that they do has a button
    <div className="whole-frame" tabIndex={-1} onKeyDown={onKeyDown}>
      <div className="whole-head">
        <Dialog.Title>{record.name ?? `Seed ${record.settings.seed}`}</Dialog.Title>
        <CompareBar />
        <ChangeNote />
        <div className="whole-tools">
          <Tool label="Zoom out" shortcut="−" onClick={look.zoomOut} icon={<ZoomOut size={16} aria-hidden />} />
          <span className="whole-zoom numeric" role="status" aria-label="Zoom">
            {Math.round(view.zoom * 100)} %
          </span>
          <Tool label="Zoom in" shortcut="+" onClick={look.zoomIn} icon={<ZoomIn size={16} aria-hidden />} />
          <Tool
            label="Show all of it"
            shortcut="0"
            onClick={look.showWhole}
            icon={<Minimize size={16} aria-hidden />}
          />
          <Dialog.Close className="button button-icon" aria-label="Close" title="Close (Esc)">
            <X size={16} aria-hidden />
          </Dialog.Close>
        </div>
      </div>
      <div
        ref={panes}
        className="whole-panes"
        data-squares={hasSquares}
        data-near={view.zoom > 1}
        style={{ '--zoom': view.zoom, '--x': view.x, '--y': view.y }}
        {...hand}
      >
        <StageContent />
      </div>
      <div className="whole-foot">
        <Tool
          label="Newer picture"
          shortcut="←"
          disabled={place === 0}
          onClick={() => step(-1)}
          icon={<ChevronLeft size={16} aria-hidden />}
        />
        <span className="numeric" role="status" aria-label="Place in the history">
          {place + 1} of {count}
        </span>
        <Tool
          label="Older picture"
          shortcut="→"
          disabled={place === count - 1}
          onClick={() => step(1)}
          icon={<ChevronRight size={16} aria-hidden />}
        />
      </div>
    </div>
  );
}

interface ToolProps {
  readonly label: string;
  readonly shortcut: string;
  readonly icon: ReactNode;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

function Tool({ label, shortcut, icon, ...button }: ToolProps) {
  return (
    <button
      type="button"
      className="button button-icon"
      aria-label={label}
      title={`${label} (${shortcut})`}
      {...button}
    >
      {icon}
    </button>
  );
}

/** As the pictures lie in the strip below. */
const steps: Readonly<Record<string, 1 | -1>> = { ArrowLeft: -1, ArrowRight: 1 };

/** Through the history, picture by picture; the graph on the canvas stays as it is. */
function useWalk() {
  const records = usePictures((state) => state.records);
  const currentId = usePictures((state) => state.currentId);
  const place = records.findIndex(({ id }) => id === currentId);
  const step = (by: 1 | -1): boolean => {
    const next = records[place + by];
    if (next) usePictures.getState().show(next.id);
    return next !== undefined;
  };
  return { place, count: records.length, step };
}
