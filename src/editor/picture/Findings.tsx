import { perform } from '#editor/actions/action.ts';
import { actionOf } from '#editor/actions/table.ts';
import { useGraph } from '#editor/document/document-store.ts';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { restorePicture } from '#editor/painting/engine.ts';
import { useEngine } from '#editor/painting/engine-store.ts';
import { tally, useIsEarlier } from '#editor/painting/findings.ts';
import { missingIn, startRepair, useCanRepair } from '#editor/painting/repairable.ts';

/** What the verifier found in the picture on the stage; of a picture of an earlier graph only that it is one, and the ways on. */
export function Findings({ record }: { record: PictureRecord }) {
  const isEarlier = useIsEarlier(record);
  const isRunning = useEngine(({ run }) => run.type === 'running');
  if (isRunning) return null;
  return isEarlier ? <Earlier record={record} /> : <Counts record={record} />;
}

function Counts({ record }: { record: PictureRecord }) {
  const { verification } = record.result;
  const objects = tally(verification.objects);
  const relations = tally(verification.relations);
  const [missing] = missingIn(record);
  const canRepair = useCanRepair();
  if (objects.total === 0) return null;
  return (
    <p className="verdict-line" role="status" aria-label="What the verifier found">
      <span>
        {objects.found} of {objects.total} objects found
      </span>
      {relations.total > 0 && (
        <span>
          {relations.found} of {relations.total} relations hold
        </span>
      )}
      {missing && (
        <button type="button" className="text-button" disabled={!canRepair} onClick={() => startRepair(missing)}>
          Repair
        </button>
      )}
    </p>
  );
}

function Earlier({ record }: { record: PictureRecord }) {
  const canPaint = useEngine(({ status, run }) => status.type === 'ready' && run.type === 'idle');
  const isEmpty = useGraph().objects.length === 0;
  return (
    <p className="verdict-line" role="status" aria-label="What the picture was painted from">
      <span>Of an earlier graph</span>
      <button
        type="button"
        className="text-button"
        disabled={!canPaint || isEmpty}
        onClick={() => void perform(actionOf('generate').run)}
      >
        Paint again
      </button>
      <button type="button" className="text-button" onClick={() => restorePicture(record)}>
        Restore its graph
      </button>
    </p>
  );
}
