import { Star, Trash2 } from 'lucide-react';
import { toast } from 'sonner';
import { PictureCanvas } from '#editor/picture/PictureCanvas.tsx';
import { restorePicture } from '#editor/state/engine.ts';
import type { PictureRecord } from '#editor/state/picture-record.ts';
import { usePictures } from '#editor/state/pictures-store.ts';
import { describe as inWords } from '#graph/describe.ts';

/** Every picture that was made; a click brings back its graph, seed and settings. */
export function HistoryStrip() {
  const records = usePictures((state) => state.records);
  return (
    <section className="history" aria-label="History">
      <div className="history-head">
        <h2>History</h2>
        <p>{records.length === 1 ? '1 picture' : `${records.length} pictures`}</p>
      </div>
      {records.length === 0 ? (
        <p className="history-empty">Every picture you make is kept here with its graph, seed and settings.</p>
      ) : (
        <ul className="history-list">
          {records.map((record) => (
            <HistoryItem key={record.id} record={record} />
          ))}
        </ul>
      )}
    </section>
  );
}

function removePicture(record: PictureRecord): void {
  const { remove, putBack } = usePictures.getState();
  remove(record.id);
  toast(`Picture of seed ${record.settings.seed} deleted`, {
    action: { label: 'Undo', onClick: () => putBack(record) },
  });
}

function HistoryItem({ record }: { record: PictureRecord }) {
  const isCurrent = usePictures((state) => state.currentId === record.id);
  const { star } = usePictures.getState();
  const { seed } = record.settings;
  const what = inWords(record.graph);
  return (
    <li className="history-item" data-current={isCurrent} data-starred={record.starred}>
      <button
        type="button"
        className="history-open"
        aria-label={`Restore seed ${seed}: ${what}`}
        aria-current={isCurrent}
        title={`${what}\nseed ${seed} · ${record.settings.steps} steps · guidance ${record.settings.guidanceScale}`}
        onClick={() => restorePicture(record)}
      >
        <PictureCanvas picture={record.result.picture} />
        <span className="history-seed numeric" aria-hidden>
          {seed}
        </span>
      </button>
      <span className="history-tools">
        <button
          type="button"
          aria-label={`Star seed ${seed}`}
          aria-pressed={record.starred}
          title={record.starred ? 'Remove the star' : 'Star: keep this one'}
          onClick={() => star(record.id)}
        >
          <Star size={13} aria-hidden />
        </button>
        <button
          type="button"
          className="history-remove"
          aria-label={`Delete seed ${seed}`}
          title="Delete"
          onClick={() => removePicture(record)}
        >
          <Trash2 size={13} aria-hidden />
        </button>
      </span>
    </li>
  );
}
