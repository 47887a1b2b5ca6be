import type { PictureRecord } from '#editor/history/picture-record.ts';
import { useBeforePicture, useCurrentPicture, usePictures } from '#editor/history/pictures-store.ts';
import { paintedOver } from '#editor/painting/painted-over.ts';
import { changesBetween } from '#graph/words/changes.ts';

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
  const { sentences } = changesBetween(before.graph, after.graph);
  const [first, ...more] = sentences;
  if (first !== undefined) return more.length === 0 ? first : `${first}, and ${more.length} more`;
  if (after.over && !before.over) return `The same graph, ${paintedOver(after.over)}`;
  return before.settings.seed === after.settings.seed ? 'The same graph' : 'The same graph, another seed';
}
