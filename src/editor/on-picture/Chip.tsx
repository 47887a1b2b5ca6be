import { type KeyboardEvent, memo, type PointerEvent, useRef } from 'react';
import { lightOff, lightUp, useIsLit } from '#editor/canvas/lighting.ts';
import { useIsFaded } from '#editor/canvas/neighbourhood.ts';
import { Verdict } from '#editor/canvas/Verdict.tsx';
import { useDocument } from '#editor/document/document-store.ts';
import { kindIndex } from '#editor/document/vocabulary.ts';
import { type Point, useInterface } from '#editor/interface/interface-store.ts';
import { LabelIcon } from '#editor/menus/LabelIcon.tsx';
import { useShownFacts } from '#editor/painting/models/built-in.ts';
import type { Verdict as VerdictName } from '#engine/contract/protocol.ts';
import type { SceneObject } from '#graph/scene-graph.ts';

interface ChipProps {
  readonly object: SceneObject;
  readonly name: string;
  readonly at: Point;
  readonly verdict: VerdictName | undefined;
  readonly isHeld: boolean;
  readonly isSelected: boolean;
  /** The chip was moved in all by so many pixels. */
  readonly onMove: (id: string, by: Point) => void;
  /** Another step by keys. @param step in shares of the picture */
  readonly onStep: (id: string, step: Point) => void;
  readonly onLetGo: () => void;
  readonly onCallOff: () => void;
}

/** Pixels that the pointer may move in a click; farther is a drag. */
const TREMOR = 3;
/** Shares of the picture. */
const STEP = 0.05;
const FAR = 4;

const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
};

/** One thing of the picture: a handle at the place where it was painted. */
export const Chip = memo(function Chip(props: ChipProps) {
  const { object, name, at, verdict, isHeld, isSelected, onMove, onStep, onLetGo, onCallOff } = props;
  const { id, label } = object;
  const facts = useShownFacts();
  const isLit = useIsLit('object', id);
  const isFaded = useIsFaded('object', id);
  const press = useRef<(Point & { readonly isDrag: boolean }) | null>(null);
  const pointer = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      press.current = { x: event.clientX, y: event.clientY, isDrag: false };
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      const start = press.current;
      if (!start) return;
      const by = { x: clientX - start.x, y: clientY - start.y };
      const isDrag = start.isDrag || Math.hypot(by.x, by.y) > TREMOR;
      // Called off by a key, it stays so until it is pressed again.
      if (start.isDrag && !isHeld) return;
      press.current = { ...start, isDrag };
      if (isDrag) onMove(id, by);
    },
    onPointerUp: () => {
      if (isHeld) onLetGo();
      // The click that follows is the end of the drag.
      if (press.current?.isDrag) setTimeout(endPress);
      else endPress();
    },
    onPointerCancel: () => {
      endPress();
      if (isHeld) onCallOff();
    },
  };
  const endPress = () => {
    press.current = null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const arrow = arrows[event.key];
    const far = event.shiftKey ? FAR : 1;
    if (arrow) onStep(id, { x: arrow.x * far, y: arrow.y * far });
    else if (event.key === 'Enter' && isHeld) onLetGo();
    else return;
    event.preventDefault();
  };
  return (
    <button
      type="button"
      className="chip"
      style={{
        transform: `translate(${at.x}px, ${at.y}px)`,
        '--kind': `var(--kind-${kindIndex(facts, label)})`,
      }}
      data-id={id}
      data-held={isHeld}
      data-lit={isLit}
      data-faded={isFaded}
      data-marked={verdict === 'missing'}
      aria-label={`Object ${name}`}
      aria-pressed={isSelected}
      aria-describedby="chip-keys"
      {...pointer}
      onClick={() => !press.current && useDocument.getState().select(isSelected ? {} : { objects: [id] })}
      onDoubleClick={() => useInterface.getState().pick({ type: 'relabel', id })}
      onKeyDown={onKeyDown}
      onPointerEnter={() => lightUp('object', id)}
      onPointerLeave={lightOff}
      onFocus={() => lightUp('object', id)}
      onBlur={() => {
        lightOff();
        if (isHeld && !press.current) onCallOff();
      }}
    >
      <LabelIcon label={label} size={18} />
      <span className="chip-name">{name}</span>
      {verdict && verdict !== 'missing' && <Verdict verdict={verdict} />}
    </button>
  );
});
