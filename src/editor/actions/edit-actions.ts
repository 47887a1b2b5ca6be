import {
  BoxSelect,
  ClipboardPaste,
  Copy,
  CopyPlus,
  Pencil,
  Plus,
  Redo2,
  Scissors,
  Tag,
  TextCursorInput,
  Trash2,
  Undo2,
} from 'lucide-react';
import { currentGraph, useDocument } from '#editor/document/document-store.ts';
import { duplicateSelection, nudge, removeSelection } from '#editor/document/gestures.ts';
import { type Point, useInterface } from '#editor/interface/interface-store.ts';
import { canvasCentre, toScreen } from '#editor/viewport/canvas-handle.ts';
import { freePlace } from '#editor/viewport/free-place.ts';
import { canRedo, canUndo } from '#graph/history.ts';
import type { SceneObject } from '#graph/scene-graph.ts';
import type { Action } from './action.ts';
import { copySelection, cutSelection, pasteFromMenu, writeText } from './clipboard.ts';
import { focusedObject, focusedRelation, shownObject } from './focused.ts';

const store = () => useDocument.getState();
const hasObjects = () => store().selection.objects.length > 0;
const hasSelection = () => hasObjects() || store().selection.relations.length > 0;
/** What the keyboard means: the selection, else what has the focus. */
const objectsInHand = () => (hasObjects() ? store().selection.objects : [focusedObject()].filter((id) => id !== null));

const NUDGE = 8;
const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as const;
const arrowNames = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' } as const;

/** The focus says more than the selection: it is where the hand is now. */
function relabelInHand(): void {
  const { selection } = store();
  const focused = focusedObject();
  const object = focused ?? selection.objects[0];
  const relation = focusedRelation() ?? (object === undefined ? selection.relations[0] : undefined);
  const { pick } = useInterface.getState();
  if (relation !== undefined) pick({ type: 'predicate', id: relation });
  else if (object !== undefined) pick({ type: 'relabel', id: object });
}

/** A colour or another word for every object in hand. */
function describeInHand(): void {
  const ids = objectsInHand();
  const first = currentGraph().objects.find(({ id }) => id === ids[0]);
  if (first) useInterface.getState().pick({ type: 'attributes', ids, at: placeOf(first) });
}

/** On the picture below its chip. */
function placeOf({ id, position }: SceneObject): Point {
  const { onPicture } = useInterface.getState();
  return (onPicture && below(shownObject(id))) || toScreen(position);
}

function below(element: HTMLElement | undefined): Point | undefined {
  const box = element?.getBoundingClientRect();
  return box && { x: box.left, y: box.bottom };
}

function removeInHand(): void {
  if (hasSelection()) removeSelection();
  else {
    const relation = focusedRelation();
    const object = focusedObject();
    if (relation !== null) store().select({ relations: [relation] });
    else if (object !== null) store().select({ objects: [object] });
    if (relation !== null || object !== null) removeSelection();
  }
}

function toggleFocused(): void {
  const id = focusedObject();
  if (id === null) return;
  const { selection, select } = store();
  const others = selection.objects.filter((other) => other !== id);
  select({ ...selection, objects: selection.objects.includes(id) ? others : [...others, id] });
}

export const editActions: readonly Action[] = [
  {
    id: 'undo',
    label: 'Undo',
    group: 'edit',
    icon: Undo2,
    shortcuts: ['Mod+Z'],
    enabled: () => canUndo(store().history),
    run: () => store().undo(),
  },
  {
    id: 'redo',
    label: 'Redo',
    group: 'edit',
    icon: Redo2,
    shortcuts: ['Mod+Shift+Z', 'Mod+Y'],
    enabled: () => canRedo(store().history),
    run: () => store().redo(),
  },
  {
    id: 'cut',
    label: 'Cut',
    group: 'select',
    icon: Scissors,
    shortcuts: ['Mod+X'],
    native: true,
    enabled: hasObjects,
    run: () => writeText(cutSelection()),
  },
  {
    id: 'copy',
    label: 'Copy',
    group: 'select',
    icon: Copy,
    shortcuts: ['Mod+C'],
    native: true,
    enabled: hasObjects,
    run: () => writeText(copySelection()),
  },
  {
    id: 'paste',
    label: 'Paste',
    group: 'select',
    icon: ClipboardPaste,
    shortcuts: ['Mod+V'],
    native: true,
    run: pasteFromMenu,
  },
  {
    id: 'duplicate',
    label: 'Duplicate',
    keywords: ['copy', 'clone', 'double'],
    group: 'select',
    icon: CopyPlus,
    shortcuts: ['Mod+D'],
    enabled: hasObjects,
    run: duplicateSelection,
  },
  {
    id: 'select-all',
    label: 'Select all',
    group: 'select',
    icon: BoxSelect,
    shortcuts: ['Mod+A'],
    enabled: () => currentGraph().objects.length > 0,
    run: () => {
      const graph = currentGraph();
      store().select({ objects: graph.objects.map(({ id }) => id), relations: graph.relations.map(({ id }) => id) });
    },
  },
  {
    id: 'select-none',
    label: 'Clear selection',
    keywords: ['deselect', 'unselect'],
    group: 'select',
    shortcuts: ['Escape'],
    enabled: hasSelection,
    run: () => store().select({}),
  },
  {
    id: 'remove',
    label: 'Remove',
    keywords: ['delete', 'erase'],
    group: 'select',
    icon: Trash2,
    shortcuts: ['Delete', 'Backspace'],
    enabled: () => hasSelection() || focusedObject() !== null || focusedRelation() !== null,
    run: removeInHand,
  },
  {
    id: 'add-object',
    label: 'Add object…',
    keywords: ['new object', 'insert'],
    group: 'object',
    icon: Plus,
    shortcuts: ['N'],
    run: () => useInterface.getState().pick({ type: 'object', at: canvasCentre().at, position: freePlace() }),
  },
  {
    id: 'sentence',
    label: 'Sentence to graph…',
    group: 'object',
    icon: TextCursorInput,
    shortcuts: ['T'],
    run: () => useInterface.getState().show({ type: 'sentence' }),
  },
  {
    id: 'relabel',
    label: 'Relabel…',
    keywords: ['rename', 'change label', 'change predicate', 'edit'],
    group: 'object',
    icon: Pencil,
    shortcuts: ['Enter', 'F2'],
    enabled: () => hasSelection() || focusedObject() !== null || focusedRelation() !== null,
    run: relabelInHand,
  },
  {
    id: 'attributes',
    label: 'Attributes…',
    keywords: ['colour', 'color', 'describe'],
    group: 'object',
    icon: Tag,
    shortcuts: ['A'],
    enabled: () => objectsInHand().length > 0,
    run: describeInHand,
  },
  {
    id: 'toggle-selected',
    label: 'Select the focused object',
    group: 'object',
    shortcuts: [' '],
    enabled: () => focusedObject() !== null,
    run: toggleFocused,
  },
  ...(Object.keys(arrows) as (keyof typeof arrows)[]).flatMap((key): Action[] => {
    const [x, y] = arrows[key];
    const step = (modifier: string, distance: number): Action => ({
      id: `nudge-${arrowNames[key]}${modifier && '-far'}`,
      label: `Move ${arrowNames[key]}${modifier && ' far'}`,
      group: 'object',
      shortcuts: [`${modifier}${key}`],
      enabled: () => objectsInHand().length > 0,
      run: () => nudge(objectsInHand(), x * distance, y * distance),
    });
    return [step('', NUDGE), step('Shift+', NUDGE * 5)];
  }),
];
