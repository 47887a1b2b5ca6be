import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalDistributeCenter,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalDistributeCenter,
} from 'lucide-react';
import { useDocument } from '#editor/document/document-store.ts';
import { alignSelection, distributeSelection } from '#editor/viewport/align-selection.ts';
import type { Alignment } from '#graph/places/align.ts';
import type { Action } from './action.ts';

const hasSelected = (count: number) => () => useDocument.getState().selection.objects.length >= count;

const alignment = (to: Alignment, label: string, icon: NonNullable<Action['icon']>, shortcut: string): Action => ({
  id: `align-${to}`,
  label,
  group: 'arrange',
  icon,
  shortcuts: [shortcut],
  enabled: hasSelected(2),
  run: () => alignSelection(to),
});

export const alignActions: readonly Action[] = [
  alignment('left', 'Align left edges', AlignStartVertical, 'Mod+Shift+ArrowLeft'),
  alignment('centre', 'Align centres', AlignCenterVertical, 'Shift+C'),
  alignment('right', 'Align right edges', AlignEndVertical, 'Mod+Shift+ArrowRight'),
  alignment('top', 'Align top edges', AlignStartHorizontal, 'Mod+Shift+ArrowUp'),
  alignment('middle', 'Align middles', AlignCenterHorizontal, 'Shift+M'),
  alignment('bottom', 'Align bottom edges', AlignEndHorizontal, 'Mod+Shift+ArrowDown'),
  {
    id: 'distribute-across',
    label: 'Distribute across',
    group: 'arrange',
    icon: AlignHorizontalDistributeCenter,
    shortcuts: ['Shift+H'],
    enabled: hasSelected(3),
    run: () => distributeSelection('across'),
  },
  {
    id: 'distribute-down',
    label: 'Distribute down',
    group: 'arrange',
    icon: AlignVerticalDistributeCenter,
    shortcuts: ['Shift+V'],
    enabled: hasSelected(3),
    run: () => distributeSelection('down'),
  },
];

/** As menus show them; null is a line. */
export const alignItems: readonly (string | null)[] = [
  'align-left',
  'align-centre',
  'align-right',
  null,
  'align-top',
  'align-middle',
  'align-bottom',
  null,
  'distribute-across',
  'distribute-down',
];
