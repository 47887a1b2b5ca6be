import { useMemo, useState } from 'react';
import type { Connection, OnConnectEnd, OnConnectStart } from 'reactflow';
import { currentGraph } from '#editor/document/document-store.ts';
import { type Point, useInterface } from '#editor/interface/interface-store.ts';
import { sayError } from '#editor/interface/messages.ts';
import { canvasInstance } from '#editor/viewport/canvas-handle.ts';
import { findObject } from '#graph/edits.ts';

/** Where the pointer was last while a connection was drawn: the predicate is asked for there. */
function pointOf(event: MouseEvent | TouchEvent): Point {
  const touch = 'changedTouches' in event ? event.changedTouches[0] : event;
  return { x: touch?.clientX ?? 0, y: touch?.clientY ?? 0 };
}

interface ConnectionHandlers {
  readonly onConnectStart: OnConnectStart;
  readonly onConnectEnd: OnConnectEnd;
  readonly isValidConnection: (connection: Connection | { source: string; target: string }) => boolean;
}

/** Drawing a relation: on an object asks for the predicate, on empty canvas makes the object as well; Escape and anywhere else give it up. */
export function useConnecting(): {
  readonly isConnecting: boolean;
  readonly handlers: ConnectionHandlers;
} {
  const [isConnecting, setConnecting] = useState(false);
  const handlers = useMemo<ConnectionHandlers>(() => {
    let isGivenUp = false;
    const giveUp = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      isGivenUp = true;
      // React Flow follows the hand until it lets go.
      document.dispatchEvent(new MouseEvent('mouseup'));
    };
    return {
      onConnectStart: () => {
        isGivenUp = false;
        setConnecting(true);
        document.addEventListener('keydown', giveUp, { capture: true });
      },
      isValidConnection: ({ source, target }) => source !== target,
      onConnectEnd: (event, state) => {
        setConnecting(false);
        document.removeEventListener('keydown', giveUp, { capture: true });
        if (isGivenUp) return;
        const { pick } = useInterface.getState();
        const subject = state.fromNode?.id;
        if (subject === undefined) return;
        const at = pointOf(event);
        const under = document.elementFromPoint(at.x, at.y);
        const landed = state.toNode?.id ?? under?.closest<HTMLElement>('.react-flow__node')?.dataset.id;
        if (landed === subject) {
          if (hasLeft(state.from, state.to)) {
            const { label } = findObject(currentGraph(), subject);
            sayError(`A relation needs two objects: “${label}” cannot be related to itself.`);
          }
          return;
        }
        if (landed !== undefined) {
          pick({ type: 'relation', at, subject, object: landed });
          return;
        }
        if (!isPaper(under)) return;
        const position = canvasInstance()?.screenToFlowPosition(at);
        if (position) pick({ type: 'branch', at, subject, position: { x: position.x - 40, y: position.y - 20 } });
      },
    };
  }, []);
  return { isConnecting, handlers };
}

/** The canvas itself, and not what lies beside it, on it, or outside the window. */
function isPaper(under: Element | null): boolean {
  return under?.closest('.canvas') != null && under.closest('.react-flow__panel, .float-place') === null;
}

/** A slip of the hand on a grip is no attempt at a self-loop. */
function hasLeft(from: Point | null, to: Point | null): boolean {
  return from !== null && to !== null && Math.hypot(to.x - from.x, to.y - from.y) > 24;
}
