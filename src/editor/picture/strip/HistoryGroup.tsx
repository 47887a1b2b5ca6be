import { ChevronLeft, Layers } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { usePictures } from '#editor/history/pictures-store.ts';
import { PictureCanvas } from '#editor/picture/PictureCanvas.tsx';

interface HistoryGroupProps {
  readonly title: string;
  /** Newest first. */
  readonly records: readonly PictureRecord[];
  readonly children: ReactNode;
}

/** The pictures of one sheet: a pile in the strip, spread out when it is pressed. */
export function HistoryGroup({ title, records, children }: HistoryGroupProps) {
  const [isOpen, setOpen] = useState(false);
  const currentId = usePictures((state) => state.currentId);
  const current = records.find(({ id }) => id === currentId);
  const top = current ?? records[0];
  const name = `${title}, ${records.length} pictures`;
  return (
    <li className="history-group">
      <button
        type="button"
        className="history-pile"
        aria-expanded={isOpen}
        aria-label={name}
        title={name}
        data-current={!isOpen && current !== undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {top && <PictureCanvas picture={top.result.picture} />}
        <span className="history-seed numeric" aria-hidden>
          {isOpen ? <ChevronLeft size={10} /> : <Layers size={10} />}
          {records.length}
        </span>
      </button>
      {isOpen && <ul className="history-spread">{children}</ul>}
    </li>
  );
}
