import type { DragEvent, FocusEvent, HTMLAttributes, MouseEvent } from 'react';
import type { EdgeMouseHandler, NodeMouseHandler } from 'reactflow';
import { createObject } from '#editor/state/gestures.ts';
import { useInterface } from '#editor/state/interface-store.ts';
import { canvasInstance } from './canvas-handle.ts';
import type { ObjectNode, RelationEdge } from './flow-elements.ts';

/** What the palette puts on a drag. */
export const LABEL_DRAG_TYPE = 'application/x-sgraffito-label';

/** Pointer and focus events of the canvas that React Flow does not turn into changes. */
export function useCanvasEvents(): {
  wrapper: HTMLAttributes<HTMLElement>;
  onNodeDoubleClick: NodeMouseHandler<ObjectNode>;
  onEdgeDoubleClick: EdgeMouseHandler<RelationEdge>;
} {
  const pick = useInterface((state) => state.pick);
  const light = useInterface((state) => state.light);
  const place = (event: MouseEvent | DragEvent) => {
    const at = { x: event.clientX, y: event.clientY };
    const position = canvasInstance()?.screenToFlowPosition(at) ?? { x: 0, y: 0 };
    // The pointer ends up on the new node, not at its corner.
    return { at, position: { x: Math.round(position.x - 44), y: Math.round(position.y - 20) } };
  };
  return {
    wrapper: {
      onDoubleClick: (event) => {
        const onPane = (event.target as HTMLElement).classList.contains('react-flow__pane');
        if (onPane) pick({ type: 'object', ...place(event) });
      },
      onDragOver: (event) => {
        if (!event.dataTransfer.types.includes(LABEL_DRAG_TYPE)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      },
      onDrop: (event) => {
        const label = event.dataTransfer.getData(LABEL_DRAG_TYPE);
        if (label === '') return;
        event.preventDefault();
        event.stopPropagation();
        createObject(label, place(event).position);
      },
      onFocus: (event: FocusEvent<HTMLElement>) => {
        const id = nodeIdOf(event.target);
        if (id !== undefined) light({ type: 'object', id });
      },
      onBlur: (event: FocusEvent<HTMLElement>) => {
        if (nodeIdOf(event.target) !== undefined) light(null);
      },
    },
    onNodeDoubleClick: (event, node) =>
      pick({ type: 'relabel', at: { x: event.clientX, y: event.clientY }, id: node.id }),
    onEdgeDoubleClick: (event, edge) =>
      pick({ type: 'predicate', at: { x: event.clientX, y: event.clientY }, id: edge.id }),
  };
}

function nodeIdOf(element: HTMLElement): string | undefined {
  return element.classList.contains('react-flow__node') ? element.dataset.id : undefined;
}
