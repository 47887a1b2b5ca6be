import { MAX_NAME } from '#editor/history/picture-record.ts';
import { findPicture, usePictures } from '#editor/history/pictures-store.ts';
import { NameSheet } from './NameSheet.tsx';

/** A name for a picture of the history; without one it goes by its seed. */
export function NamePicture({ id }: { id: string }) {
  const record = findPicture(id);
  if (!record) return null;
  return (
    <NameSheet
      title="Name the picture"
      lead="The name is shown in the history instead of the seed."
      current={record.name ?? ''}
      maxLength={MAX_NAME}
      unnamed={`Seed ${record.settings.seed}`}
      onName={(name) => usePictures.getState().rename(id, name)}
    />
  );
}
