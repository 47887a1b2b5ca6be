import { type PointerEvent, useMemo } from 'react';
import { useInterface } from '#editor/state/interface-store.ts';
import type { PictureRecord } from '#editor/state/picture-record.ts';
import { describe as inWords } from '#graph/describe.ts';
import { PictureCanvas } from './PictureCanvas.tsx';
import { attentionVeil, objectAt } from './pixels.ts';

export function altOf(record: PictureRecord): string {
  return `Picture of: ${inWords(record.graph)}`;
}

/** One picture under its attention: hovering a node or edge shows its pixels, hovering the picture finds the node. */
export function OnePicture({ record, tag }: { record: PictureRecord; tag?: string }) {
  const lit = useInterface((state) => state.lit);
  const light = useInterface((state) => state.light);
  const { picture, attention } = record.result;
  const map = lit && (lit.type === 'object' ? attention.objects : attention.relations)[lit.id];
  const veil = useMemo(() => map && attentionVeil(map, attention.width, attention.height), [map, attention]);
  const find = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const id = objectAt(attention, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    light(id === null ? null : { type: 'object', id });
  };
  return (
    <div className="stage" onPointerMove={find} onPointerLeave={() => light(null)}>
      <PictureCanvas picture={picture} alt={altOf(record)} />
      {veil && <PictureCanvas picture={veil} />}
      {tag && <span className="stage-tag">{tag}</span>}
    </div>
  );
}
