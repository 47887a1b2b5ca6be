import type { DragEvent, FocusEvent, HTMLAttributes, MouseEvent } from 'react';
import type { EdgeChange, NodeChange, ReactFlowProps } from 'reactflow';
import { currentGraph, useDocument } from '#editor/document/document-store.ts';
import { createObject, move } from '#editor/document/gestures.ts';
import type { ObjectNode, RelationEdge } from '#editor/geometry/flow-elements.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { canvasInstance, holdView } from '#editor/viewport/canvas-handle.ts';
import { lightOff, lightUp } from './lighting.ts';

/** What the palette puts on a drag. */
export const LABEL_DRAG_TYPE = 'application/x-sgraffito-label';

const { pick } = useInterface.getState();

function place(event: MouseEvent | DragEvent) {
  const at = { x: event.clientX, y: event.clientY };
  const position = canvasInstance()?.screenToFlowPosition(at) ?? { x: 0, y: 0 };
  // The pointer ends up on the new node, not at its corner.
  return { at, position: { x: Math.round(position.x - 44), y: Math.round(position.y - 20) } };
}

/** Pointer and focus events of the canvas that React Flow does not turn into changes. */
export const wrapperEvents: HTMLAttributes<HTMLElement> = {
  onPointerDownCapture: holdView,
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
    if (id !== undefined) lightUp('object', id);
  },
  onBlur: (event: FocusEvent<HTMLElement>) => {
    if (nodeIdOf(event.target) !== undefined) lightOff();
  },
};

/** The same functions for as long as the page lives: React Flow tells all its nodes and edges of every new one. */
export const flowEvents: FlowEvents = {
  onNodeDoubleClick: (_, { id }) => pick({ type: 'relabel', id }),
  onEdgeDoubleClick: (_, { id }) => pick({ type: 'predicate', id }),
  onEdgeMouseEnter: (_, edge) => lightUp('relation', edge.id),
  onEdgeMouseLeave: lightOff,
  onNodeDragStop: (_, __, moved) => move(places(moved)),
  onSelectionDragStop: (_, moved) => move(places(moved)),
  onSelectionStart: () => {
    isFraming = true;
  },
  onSelectionEnd: () => {
    isFraming = false;
  },
  onEdgesChange: (changes) => !isFraming && followSelection(changes, 'relations'),
};

/** A frame is being drawn. React Flow finds one edge between each two objects, so what lies within a frame is found here. */
let isFraming = false;

type FlowEvents = Pick<
  Required<ReactFlowProps<ObjectNode, RelationEdge>>,
  | 'onNodeDoubleClick'
  | 'onEdgeDoubleClick'
  | 'onEdgeMouseEnter'
  | 'onEdgeMouseLeave'
  | 'onNodeDragStop'
  | 'onSelectionDragStop'
  | 'onSelectionStart'
  | 'onSelectionEnd'
  | 'onEdgesChange'
>;

function nodeIdOf(element: HTMLElement): string | undefined {
  return element.classList.contains('react-flow__node') ? element.dataset.id : undefined;
}

/** Sizes, and positions under the hand, belong to the canvas; what is selected belongs to the document store. */
export function isLocal(change: NodeChange<ObjectNode>): boolean {
  return change.type === 'position' || change.type === 'dimensions';
}

export function followSelection(
  changes: readonly (NodeChange<ObjectNode> | EdgeChange<RelationEdge>)[],
  kind: 'objects' | 'relations',
): void {
  const picked = changes.filter((change) => change.type === 'select');
  if (picked.length === 0) return;
  const { selection, select } = useDocument.getState();
  const removed = new Set(picked.filter((change) => !change.selected).map((change) => change.id));
  const kept = selection[kind].filter((id) => !removed.has(id));
  const added = picked.filter((change) => change.selected && !kept.includes(change.id)).map((change) => change.id);
  const chosen = [...kept, ...added];
  select(isFraming ? { objects: chosen, relations: relationsAmong(chosen) } : { ...selection, [kind]: chosen });
}

function relationsAmong(objects: readonly string[]): string[] {
  const chosen = new Set(objects);
  const { relations } = currentGraph();
  return relations.filter(({ subject, object }) => chosen.has(subject) && chosen.has(object)).map(({ id }) => id);
}

function places(nodes: readonly ObjectNode[]): Map<string, { x: number; y: number }> {
  return new Map(nodes.map((node) => [node.id, { x: Math.round(node.position.x), y: Math.round(node.position.y) }]));
}
