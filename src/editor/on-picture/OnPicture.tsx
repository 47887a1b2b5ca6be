/**
 * The graph on its picture: each thing is a chip at the place where it was painted, and a chip that is moved turns the relations that its new
 * place contradicts. Places never reach the model: what a move changes are relations.
 */
import { X } from 'lucide-react';
import { Fragment, useCallback, useLayoutEffect, useMemo, useRef } from 'react';
import { Mark } from '#editor/canvas/Mark.tsx';
import { useDocument, useGraph } from '#editor/document/document-store.ts';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { type Point, useInterface } from '#editor/interface/interface-store.ts';
import { useEngine } from '#editor/painting/engine-store.ts';
import { objectVerdict, usePictureOfCanvas } from '#editor/painting/findings.ts';
import { Outline } from '#editor/picture/Outline.tsx';
import { PictureCanvas } from '#editor/picture/PictureCanvas.tsx';
import type { Box } from '#graph/places/geometry.ts';
import { describe as inWords, namesOf } from '#graph/words/describe.ts';
import { Chip } from './Chip.tsx';
import { Edges } from './Edges.tsx';
import { HandNote } from './HandNote.tsx';
import { PictureNote } from './PictureNote.tsx';
import { paintedBoxes } from './painted-boxes.ts';
import { edgesOf, type Layout, layOutChips } from './scene.ts';
import { movedBy } from './surface.ts';
import { type Held, useHand } from './use-hand.ts';
import { useChipSizes, useRoom } from './use-sizes.ts';

/** Of what was not found, for as long as nobody knows: a fifth of the picture. */
const UNSEEN = 0.1;

export function OnPicture() {
  const root = useRef<HTMLElement>(null);
  const graph = useGraph();
  const record = usePictureOfCanvas();
  const selected = useDocument((state) => state.selection.objects);
  const boxes = useMemo(() => paintedBoxes(record, graph), [record, graph]);
  const hand = useHand(graph, boxes);
  const room = useRoom(root);
  const sizes = useChipSizes(root);
  const picture = usePictureShown(record);
  const aspect = picture ? picture.width / picture.height : 1;
  const layout = useMemo(
    () => room && layOutChips(graph, boxes, { room, aspect, sizes }),
    [graph, boxes, room, aspect, sizes],
  );
  useLayoutEffect(() => root.current?.focus({ preventScroll: true }), []);

  const moving = hand.held ?? hand.dropped;
  const middles = useMemo(() => layout && withMoving(layout, moving), [layout, moving]);
  const edges = useMemo(
    () => (middles && room ? edgesOf(graph, record, { middles, sizes, turned: hand.turned, room }) : []),
    [graph, record, middles, sizes, hand.turned, room],
  );
  const live = useRef({ layout, boxes, hand });
  useLayoutEffect(() => {
    live.current = { layout, boxes, hand };
  });
  const take = useCallback((id: string, step: (before: Point, frame: Layout['surface']['frame']) => Point) => {
    const { layout: now, boxes: known, hand: latest } = live.current;
    if (!now) return;
    const { frame } = now.surface;
    const before = latest.held?.id === id ? latest.held : null;
    const from = before?.from ?? known.get(id) ?? unseenAt(now, id);
    latest.hold({ id, from, by: step(before?.by ?? { x: 0, y: 0 }, frame) });
  }, []);
  const onMove = useCallback(
    (id: string, by: Point) => take(id, (_, frame) => ({ x: by.x / frame.width, y: by.y / frame.height })),
    [take],
  );
  const onStep = useCallback(
    (id: string, step: Point) => take(id, (before) => ({ x: before.x + step.x, y: before.y + step.y })),
    [take],
  );
  const onLetGo = useCallback(() => live.current.hand.letGo(), []);
  const onCallOff = useCallback(() => live.current.hand.callOff(), []);

  const names = namesOf(graph);
  const frame = layout?.surface.frame;
  return (
    <section ref={root} tabIndex={-1} className="on-picture" aria-label="Graph on its picture">
      {frame && middles && layout && picture && (
        <>
          <div
            className="picture-frame"
            style={{ left: frame.x, top: frame.y, width: frame.width, height: frame.height }}
          >
            <PictureCanvas picture={picture.picture} alt={picture.alt} />
            {picture.tag && <span className="stage-tag">{picture.tag}</span>}
            <Outlines boxes={boxes} held={hand.held} />
          </div>
          {layout.waiting.length > 0 && record && (
            <p
              className="shelf-title"
              style={{
                left: layout.surface.shelf.x,
                top: layout.surface.shelf.y - 22,
                width: layout.surface.shelf.width,
              }}
            >
              Not in the picture
            </p>
          )}
          {record && <Edges edges={edges} />}
          {record &&
            graph.objects.map((object) => {
              const { id } = object;
              const [at, verdict] = [middles.get(id) ?? { x: 0, y: 0 }, objectVerdict(record, object)];
              const name = names.get(id) ?? object.label;
              return (
                <Fragment key={id}>
                  <Chip
                    {...{ object, name, at, verdict, onMove, onStep, onLetGo, onCallOff }}
                    isHeld={hand.held?.id === id}
                    isSelected={selected.includes(id)}
                  />
                  {verdict === 'missing' && hand.held?.id !== id && (
                    <span
                      className="chip-mark"
                      style={{ transform: `translate(${at.x + (sizes.get(id)?.width ?? 0) / 2}px, ${at.y}px)` }}
                    >
                      <Mark verdict={verdict} target={{ type: 'object', id }} name={name} />
                    </span>
                  )}
                </Fragment>
              );
            })}
        </>
      )}
      <span id="chip-keys" hidden>
        Arrow keys move it, Enter lets go, Escape calls off.
      </span>
      <div className="picture-foot" data-alone={picture === null}>
        <PictureNote record={record} />
        {record && <HandNote graph={graph} turned={hand.turned} isHeld={hand.held !== null} />}
      </div>
      <button
        type="button"
        className="button button-icon leave-picture"
        aria-label="Back to the canvas"
        title="Back to the canvas (Esc)"
        onClick={() => useInterface.getState().putOnPicture(false)}
      >
        <X size={16} aria-hidden />
      </button>
    </section>
  );
}

/** The draft of what is considered, what is being painted, or the picture itself. */
function usePictureShown(record: PictureRecord | null) {
  const draft = useEngine((state) => state.draft);
  const run = useEngine((state) => state.run);
  if (draft) return shown(draft.picture, `Draft of: ${inWords(draft.graph)}`, 'Draft');
  if (run.type === 'running' && run.preview)
    return shown(run.preview, `Preview at step ${run.step} of ${run.steps}`, 'Preview');
  return record && shown(record.result.picture, `Picture of: ${inWords(record.graph)}`);
}

const shown = (picture: PictureRecord['result']['picture'], alt: string, tag?: string) => ({
  picture,
  alt,
  tag,
  width: picture.width,
  height: picture.height,
});

function withMoving({ surface: { frame }, middles }: Layout, moving: Held | null): ReadonlyMap<string, Point> {
  const at = moving && middles.get(moving.id);
  if (!at) return middles;
  return new Map(middles).set(moving.id, { x: at.x + moving.by.x * frame.width, y: at.y + moving.by.y * frame.height });
}

/** A box around the chip of what waits beside the picture. */
function unseenAt({ surface: { frame }, middles }: Layout, id: string): Box {
  const at = middles.get(id) ?? { x: frame.x, y: frame.y };
  const [x, y] = [(at.x - frame.x) / frame.width, (at.y - frame.y) / frame.height];
  return [x - UNSEEN, y - UNSEEN, x + UNSEEN, y + UNSEEN];
}

/** What the hand is on, and where it would be. */
function Outlines({ boxes, held }: { readonly boxes: ReadonlyMap<string, Box>; readonly held: Held | null }) {
  const litId = useInterface(({ lit }) => (lit?.type === 'object' ? lit.id : undefined));
  const lit = boxes.get(held?.id ?? litId ?? '');
  return (
    <>
      {lit && <Outline box={lit} kind="is" />}
      {held && <Outline box={movedBy(held.from, held.by)} kind="wish" />}
    </>
  );
}
