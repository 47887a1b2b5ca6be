import { Download, Trash2 } from 'lucide-react';
import { Progress, RadioGroup } from 'radix-ui';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { perform } from '#editor/actions/action.ts';
import { saveHistory } from '#editor/files/save-history.ts';
import { cleanUps, deletedBy, totalBytes } from '#editor/history/history-use.ts';
import { isKept, type PictureRecord } from '#editor/history/picture-record.ts';
import { usePictures } from '#editor/history/pictures-store.ts';
import { counted } from '#editor/interface/counted.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { sizeText } from '#engine/contract/size-text.ts';
import { Sheet } from './Sheet.tsx';

/** What the history takes up, a way to save all of it, and a clean-up. */
export function ManageHistory() {
  const records = usePictures((state) => state.records);
  const kept = records.filter(isKept);
  return (
    <Sheet
      title="History"
      lead={`${counted(records.length, 'picture')}, ${sizeText(totalBytes(records))} in this browser.`}
    >
      <StorageMeter />
      <h3>Save</h3>
      <div className="button-row">
        <SaveButton label="Save all as ZIP" records={records} />
        <SaveButton label="Save those with star or name" records={kept} />
      </div>
      <h3>Clean up</h3>
      <CleanUpForm records={records} />
    </Sheet>
  );
}

/** Of the room that the browser gives this page; nothing where it does not tell. */
function StorageMeter() {
  const [estimate, setEstimate] = useState<StorageEstimate | null>(null);
  useEffect(() => {
    void navigator.storage?.estimate?.().then(setEstimate, () => undefined);
  }, []);
  if (!estimate?.quota) return null;
  const { usage = 0, quota } = estimate;
  return (
    <div className="storage-meter">
      <p className="numeric">
        {sizeText(usage)} of {sizeText(quota)} used by this page, the model included
      </p>
      <Progress.Root className="progress" value={usage} max={quota} aria-label="Storage used">
        <Progress.Indicator style={{ width: `${Math.max(1, (100 * usage) / quota)}%` }} />
      </Progress.Root>
    </div>
  );
}

function SaveButton({ label, records }: { label: string; records: readonly PictureRecord[] }) {
  const [isBusy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    await perform(() => saveHistory(records));
    setBusy(false);
  };
  return (
    <button type="button" className="button" disabled={isBusy || records.length === 0} onClick={() => void save()}>
      <Download size={14} aria-hidden />
      {isBusy ? 'Packing …' : `${label} (${records.length})`}
    </button>
  );
}

function CleanUpForm({ records }: { records: readonly PictureRecord[] }) {
  const [choice, setChoice] = useState<string>(cleanUps[0].id);
  const { currentId } = usePictures.getState();
  const now = Date.now();
  const options = cleanUps.map((option) => ({ ...option, gone: deletedBy(option, records, currentId, now) }));
  const gone = options.find(({ id }) => id === choice)?.gone ?? [];
  const cleanUp = () => {
    const putBack = usePictures.getState().remove(new Set(gone.map(({ id }) => id)));
    // Behind an open dialog the way back could not be clicked.
    useInterface.getState().show(null);
    toast(`${counted(gone.length, 'picture')} deleted`, {
      duration: 20_000,
      action: { label: 'Undo', onClick: putBack },
    });
  };
  return (
    <>
      <p className="dialog-lead">Pictures with a star or a name, and the one on screen, always stay.</p>
      <RadioGroup.Root className="clean-ups" aria-label="Which pictures" value={choice} onValueChange={setChoice}>
        {options.map(({ id, label, gone: some }) => (
          <RadioGroup.Item key={id} value={id} className="clean-up">
            <span>{label}</span>
            <small className="numeric">
              {counted(some.length, 'picture')}, {sizeText(totalBytes(some))}
            </small>
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      <div className="dialog-foot">
        <button type="button" className="button" disabled={gone.length === 0} onClick={cleanUp}>
          <Trash2 size={14} aria-hidden />
          Delete {counted(gone.length, 'picture')}
        </button>
      </div>
    </>
  );
}
