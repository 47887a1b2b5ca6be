import { Progress } from 'radix-ui';
import { PictureCanvas } from '#editor/picture/PictureCanvas.tsx';
import { bestOf, closeContactSheet, takeFromSheet, useContactSheet } from '#editor/state/contact-sheet.ts';
import { useEngine } from '#editor/state/engine-store.ts';
import { tally } from '#editor/state/findings.ts';
import type { PictureRecord } from '#editor/state/picture-record.ts';
import { Sheet } from './Sheet.tsx';

/** A grid of pictures as they are painted; a click takes one. */
export function ContactSheet() {
  const { title, drafts, records } = useContactSheet();
  const fault = useEngine((state) => state.fault);
  if (title === null) return null;
  const done = records.filter((record) => record !== undefined).length;
  const best = done > 1 ? bestOf(records) : null;
  return (
    <Sheet
      title={title}
      lead="Choose one to bring it to the canvas; the others are let go."
      isWide
      onClose={closeContactSheet}
    >
      <p className="run-line numeric" role="status">
        {done < drafts.length ? `Painting ${done + 1} of ${drafts.length}` : `${done} pictures`}
      </p>
      {done < drafts.length && (
        <Progress.Root className="progress" value={done} max={drafts.length} aria-label="Contact sheet">
          <Progress.Indicator style={{ width: `${(100 * done) / drafts.length}%` }} />
        </Progress.Root>
      )}
      {fault && <p role="alert">{fault.message}</p>}
      <ul className="contact-sheet">
        {drafts.map(({ caption }, i) => (
          <li key={caption}>
            <Cell caption={caption} record={records[i]} isBest={i === best} />
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

interface CellProps {
  readonly caption: string;
  readonly record: PictureRecord | null | undefined;
  readonly isBest: boolean;
}

function Cell({ caption, record, isBest }: CellProps) {
  if (!record) {
    return (
      <div className="contact-cell">
        <div className="stage" />
        <span>{caption}</span>
      </div>
    );
  }
  const { verification, picture } = record.result;
  const relations = tally(verification.relations);
  return (
    <button type="button" className="contact-cell" aria-label={`Take ${caption}`} onClick={() => takeFromSheet(record)}>
      <span className="stage">
        <PictureCanvas picture={picture} />
        {isBest && <span className="stage-tag">Best match</span>}
      </span>
      <span>
        {caption}
        {relations.total > 0 && (
          <small className="numeric">
            {relations.found} of {relations.total} relations
          </small>
        )}
      </span>
    </button>
  );
}
