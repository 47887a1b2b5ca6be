import { toast } from 'sonner';
import { type PictureRecord, titleOf } from '#editor/history/picture-record.ts';
import { usePictures } from '#editor/history/pictures-store.ts';

/** Takes a picture out of the history; the message about it brings it back. */
export function removePicture(record: PictureRecord): void {
  const putBack = usePictures.getState().remove(new Set([record.id]));
  toast(`Picture “${titleOf(record)}” deleted`, { action: { label: 'Undo', onClick: putBack } });
}
