import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { panned, type Size, shapeIn, showsSquares, type View, WHOLE, zoomed } from './view.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** One turn of a wheel's notch, about 100 pixels, zooms by a fifth. */
const PER_PIXEL = 1.0018;
/** A pinch on a trackpad comes as a wheel with Ctrl, in much smaller turns. */
const PER_PINCHED_PIXEL = 1.01;
const STEP = 1.5;
/** Share of the pane that an arrow key moves by. */
const PACE = 0.12;

/** Zoom and pan by wheel, keys, hand and two fingers. All panes inside the element show the same part. @param picture its pixels */
export function useView(panes: RefObject<HTMLElement | null>, picture: Size) {
  const [state, setState] = useState({ view: WHOLE, hasSquares: false });
  const change = useMemo(() => {
    return (make: (view: View, shape: Size) => View) =>
      setState(({ view }) => {
        const pane = paneAt(panes.current);
        if (pane.width === 0 || pane.height === 0) return { view: WHOLE, hasSquares: false };
        const next = make(view, shapeIn(pane, picture));
        return { view: next, hasSquares: showsSquares(next, pane, picture, devicePixelRatio) };
      });
  }, [panes, picture]);
  useEffect(() => {
    const element = panes.current;
    const onWheel = (event: WheelEvent) => {
      // Otherwise the browser zooms the page.
      event.preventDefault();
      const at = shareOf(event, paneAt(element, event.target));
      change((view, shape) =>
        zoomed(view, (event.ctrlKey ? PER_PINCHED_PIXEL : PER_PIXEL) ** -event.deltaY, shape, at),
      );
    };
    // React's own listeners for the wheel cannot keep the browser from it.
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [panes, change]);
  const zoomIn = () => change((view, shape) => zoomed(view, STEP, shape));
  const zoomOut = () => change((view, shape) => zoomed(view, 1 / STEP, shape));
  const showWhole = () => change(() => WHOLE);
  const hand = useHand(panes, change);
  return {
    ...state,
    zoomIn,
    zoomOut,
    showWhole,
    hand,
    onKey: keysOf({ ...state, change, zoomIn, zoomOut, showWhole }),
  };
}

type Change = (make: (view: View, shape: Size) => View) => void;

/** Fingers and the mouse: one moves the picture, two pinch it. */
function useHand(panes: RefObject<HTMLElement | null>, change: Change) {
  const fingers = useRef(new Map<number, Point>());
  const lift = ({ pointerId }: PointerEvent) => fingers.current.delete(pointerId);
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0 || isControl(event.target)) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    },
    onPointerMove: ({ pointerId, clientX: x, clientY: y, target }: PointerEvent) => {
      const all = fingers.current;
      if (!all.has(pointerId)) return;
      const pane = paneAt(panes.current, target);
      const before = [...all.values()];
      all.set(pointerId, { x, y });
      const after = [...all.values()];
      const [from, to] = [middleOf(before), middleOf(after)];
      const grown = before.length > 1 ? spreadOf(after) / Math.max(1, spreadOf(before)) : 1;
      const by = { x: (to.x - from.x) / pane.width, y: (to.y - from.y) / pane.height };
      const at = { x: (to.x - pane.left) / pane.width, y: (to.y - pane.top) / pane.height };
      change((view, shape) => zoomed(panned(view, by, shape), grown, shape, at));
    },
    onPointerUp: lift,
    onPointerCancel: lift,
    onDoubleClick: (event: React.MouseEvent) => {
      if (isControl(event.target)) return;
      const at = shareOf(event, paneAt(panes.current, event.target));
      change((view, shape) => (view.zoom > 1 ? WHOLE : zoomed(view, STEP ** 3, shape, at)));
    },
  };
}

interface Keyed {
  readonly view: View;
  readonly change: Change;
  readonly zoomIn: () => void;
  readonly zoomOut: () => void;
  readonly showWhole: () => void;
}

const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: PACE, y: 0 },
  ArrowRight: { x: -PACE, y: 0 },
  ArrowUp: { x: 0, y: PACE },
  ArrowDown: { x: 0, y: -PACE },
};

/** @returns whether the key was for the view: arrows are only where there is something to move */
const keysOf =
  ({ view, change, zoomIn, zoomOut, showWhole }: Keyed) =>
  ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean => {
    if (ctrlKey || metaKey || altKey) return false;
    const by = arrows[key];
    if (by && view.zoom > 1) change((now, shape) => panned(now, by, shape));
    else if (key === '+' || key === '=') zoomIn();
    else if (key === '-') zoomOut();
    else if (key === '0') showWhole();
    else return false;
    return true;
  };

const NO_BOX = { left: 0, top: 0, width: 0, height: 0 };

/** The pane under the hand, else the first; they are all of one size. */
function paneAt(panes: HTMLElement | null, target: EventTarget | null = null) {
  const under = target instanceof Element ? target.closest('.stage') : null;
  return (under ?? panes?.querySelector('.stage'))?.getBoundingClientRect() ?? NO_BOX;
}

const isControl = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('input, button') !== null;

const shareOf = (
  { clientX, clientY }: { readonly clientX: number; readonly clientY: number },
  { left, top, width, height }: typeof NO_BOX,
): Point => ({ x: (clientX - left) / width, y: (clientY - top) / height });

const middleOf = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
  y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
});

function spreadOf([a, b]: readonly Point[]): number {
  return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
}
