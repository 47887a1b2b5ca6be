import { type PointerEvent, useMemo } from 'react';
import { perform } from '#editor/actions/action.ts';
import { actionOf } from '#editor/actions/table.ts';
import { attentionOf } from '#editor/history/attention.ts';
import { documentOf, type PictureRecord } from '#editor/history/picture-record.ts';
import { attentionVeil, objectAt } from '#editor/history/pixels.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { describe as inWords, namesOf } from '#graph/words/describe.ts';
import { PictureCanvas } from './PictureCanvas.tsx';

export function altOf(record: PictureRecord): string {
  return `Picture of: ${inWords(record.graph)}`;
}

/** One picture under its attention: hovering a node or edge shows its pixels, hovering the picture finds the node. */
export function OnePicture({ record, tag }: { record: PictureRecord; tag?: string }) {
  const { lit, light } = useLight(record);
  const { picture, attention } = record.result;
  const veil = useMemo(() => {
    const map = lit && attentionOf(record, lit);
    return map && attentionVeil(map, attention.width, attention.height);
  }, [record, lit, attention]);
  const find = (event: PointerEvent<HTMLElement>) => {
    const { x, y } = placeIn(event.currentTarget.querySelector('canvas'), event);
    light(objectAt(attention, x, y));
  };
  return (
    <div className="stage" onPointerMove={find} onPointerLeave={() => light(null)}>
      <PictureCanvas picture={picture} alt={altOf(record)} />
      {veil && <PictureCanvas picture={veil} />}
      {tag && <span className="stage-tag">{tag}</span>}
      <ObjectWalk record={record} tag={tag} />
    </div>
  );
}

/** Where a picture is pointed at, 0–1 from its left and top. It lies in the middle of its canvas, which may be larger than the picture. */
function placeIn(canvas: HTMLCanvasElement | null, { clientX, clientY }: PointerEvent): { x: number; y: number } {
  if (!canvas) return { x: 0, y: 0 };
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const scale = Math.min(width / canvas.width, height / canvas.height);
  return {
    x: 0.5 + (clientX - left - width / 2) / (canvas.width * scale),
    y: 0.5 + (clientY - top - height / 2) / (canvas.height * scale),
  };
}

/** What is lit of this picture, and how to light one of its objects: on the canvas too, where it is the same document. */
function useLight(record: PictureRecord) {
  const document = documentOf(record);
  const lit = useInterface((state) => (state.lit?.document === document ? state.lit : null));
  const light = (id: string | null) =>
    useInterface.getState().light(id === null ? null : { type: 'object', id, document });
  return { lit, light };
}

const verdictWords = { found: 'found', missing: 'not found', unsure: 'unsure' } as const;

/** Hovering for the keyboard: with the picture in focus, the arrow keys go through its objects. */
function ObjectWalk({ record, tag }: { record: PictureRecord; tag: string | undefined }) {
  const { lit, light } = useLight(record);
  const { verification } = record.result;
  const names = [...namesOf(record.graph)];
  const place = lit?.type === 'object' ? names.findIndex(([id]) => id === lit.id) : -1;
  const [id, name] = names[place] ?? [];
  const verdict = id === undefined ? undefined : verification.objects[id];
  const said = name === undefined ? 'none' : verdict === undefined ? name : `${name}, ${verdictWords[verdict]}`;
  return (
    <input
      className="stage-walk"
      type="range"
      min={0}
      max={names.length}
      value={place + 1}
      aria-label={tag === undefined ? 'Objects in the picture' : `Objects in the picture ${tag.toLowerCase()}`}
      aria-valuetext={said}
      onChange={(event) => {
        const [chosen] = names[event.target.valueAsNumber - 1] ?? [];
        light(chosen ?? null);
      }}
      onKeyUp={({ key }) => key === ' ' && void perform(actionOf('whole-picture').run)}
      onBlur={() => light(null)}
    />
  );
}
