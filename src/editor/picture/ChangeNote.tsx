import type { PictureRecord } from '#editor/history/picture-record.ts';
import { useBeforePicture, useCurrentPicture, usePictures } from '#editor/history/pictures-store.ts';
import { stepBetween } from '#editor/history/step-words.ts';

/** In a comparison, what made the two pictures different: one line, whole under the pointer. */
export function ChangeNote() {
  const isComparing = usePictures((state) => state.mode !== 'single');
  const before = useBeforePicture();
  const current = useCurrentPicture();
  if (!isComparing || !before || !current) return null;
  const change = changeBetween(before, current);
  return (
    <p className="change-note" title={change}>
      {change}
    </p>
  );
}

/** "sheep left of tree → sheep right of tree": what made the two pictures different. */
function changeBetween(before: PictureRecord, after: PictureRecord): string {
  const [first, ...more] = stepBetween(before, after).sentences;
  if (first === undefined) return 'The same graph and settings';
  return more.length === 0 ? first : `${first}, and ${more.length} more`;
}
