import { Progress } from 'radix-ui';
import { useState } from 'react';
import { counted } from '#editor/interface/counted.ts';
import {
  bestFirst,
  bestOf,
  closeContactSheet,
  resizeContactSheet,
  retryEntry,
  type SheetCell,
  stopContactSheet,
  takeFromSheet,
  timeLeft,
  useContactSheet,
} from '#editor/painting/contact-sheet.ts';
import { durationText } from '#editor/painting/duration.ts';
import { tally } from '#editor/painting/findings.ts';
import { PictureCanvas } from '#editor/picture/PictureCanvas.tsx';
import { Sheet } from './Sheet.tsx';
import { SheetQuestion } from './SheetQuestion.tsx';
import { VariationCount } from './VariationCount.tsx';

/** A grid of pictures as they are painted; a click takes one. */
export function ContactSheet() {
  const { title, plan, entries, cells, entryAt } = useContactSheet();
  const [isSorted, setSorted] = useState(false);
  if (title === null) return null;
  if (plan) {
    return (
      <Sheet title={title} lead="All of them are kept in the history, as one group." onClose={closeContactSheet}>
        <SheetQuestion plan={plan} />
      </Sheet>
    );
  }
  const left = timeLeft(entries, cells);
  const open = cells.filter(({ type }) => type === 'waiting' || type === 'painting').length;
  const done = cells.length - open;
  const records = cells.map((cell) => (cell.type === 'painted' ? cell.record : null));
  const painted = records.filter((record) => record !== null).length;
  const best = painted > 1 ? bestOf(records) : null;
  const bestRecord = best === null ? null : records[best];
  // While pictures come in, none of them moves.
  const places = isSorted && open === 0 ? bestFirst(records) : entries.map((_, place) => place);
  return (
    <Sheet
      title={title}
      lead="Choose one to bring it to the canvas; the others are kept in the history."
      isWide
      onClose={closeContactSheet}
    >
      <div className="contact-bar">
        <p className="run-line numeric" role="status">
          {open > 0
            ? `Painting ${done + 1} of ${cells.length}${left === undefined ? '' : `, ${durationText(left)} left`}`
            : summary(painted, cells.length - painted)}
        </p>
        {entryAt && <VariationCount onCount={(count) => void resizeContactSheet(count)} />}
        {open > 0 && (
          <button type="button" className="button" onClick={stopContactSheet}>
            Cancel
          </button>
        )}
        <button
          type="button"
          className="button"
          aria-pressed={isSorted}
          disabled={open > 0 || best === null}
          onClick={() => setSorted(!isSorted)}
        >
          Best first
        </button>
        <button
          type="button"
          className="button button-primary"
          disabled={open > 0 || !bestRecord}
          onClick={() => bestRecord && takeFromSheet(bestRecord)}
        >
          Take the best
        </button>
      </div>
      {open > 0 && (
        <Progress.Root className="progress" value={done} max={cells.length} aria-label="Contact sheet">
          <Progress.Indicator style={{ width: `${(100 * done) / cells.length}%` }} />
        </Progress.Root>
      )}
      <ul className="contact-sheet">
        {places.map((place) => {
          const { caption } = entries[place]!;
          return (
            <li key={caption}>
              <Cell
                caption={caption}
                cell={cells[place] ?? { type: 'waiting' }}
                isBest={place === best}
                onRetry={() => void retryEntry(place)}
              />
            </li>
          );
        })}
      </ul>
    </Sheet>
  );
}

function summary(painted: number, failed: number): string {
  const pictures = counted(painted, 'picture');
  return failed > 0 ? `${pictures}, ${failed} not painted` : pictures;
}

interface CellProps {
  readonly caption: string;
  readonly cell: SheetCell;
  readonly isBest: boolean;
  readonly onRetry: () => void;
}

function Cell({ caption, cell, isBest, onRetry }: CellProps) {
  if (cell.type === 'failed' || cell.type === 'cancelled') {
    return (
      <div className="contact-cell">
        <div className="stage contact-fault" role="alert">
          {cell.type === 'failed' ? cell.message : 'Not painted to the end.'}
        </div>
        <span>{caption}</span>
        <button type="button" className="button" aria-label={`Paint ${caption} again`} onClick={onRetry}>
          Try again
        </button>
      </div>
    );
  }
  if (cell.type !== 'painted') {
    return (
      <div className="contact-cell">
        <div className="stage" />
        <span>{caption}</span>
      </div>
    );
  }
  const { record } = cell;
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
