import {
  Command,
  Cpu,
  Footprints,
  Grid3x3,
  Keyboard,
  LayoutDashboard,
  Map as MapIcon,
  Maximize,
  Moon,
  PictureInPicture2,
  Sun,
  SunMoon,
  ZoomIn,
  ZoomOut,
} from 'lucide-react';
import { currentGraph } from '#editor/document/document-store.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { type Theme, usePreferences } from '#editor/interface/preferences-store.ts';
import { startTour } from '#editor/tour/tour-store.ts';
import { arrangeCanvas } from '#editor/viewport/arrange.ts';
import { canvasInstance, fitCanvas } from '#editor/viewport/canvas-handle.ts';
import type { Action } from './action.ts';

const preferences = () => usePreferences.getState();

const theme = (value: Theme, label: string, icon: Action['icon']): Action => ({
  id: `theme-${value}`,
  label,
  group: 'view',
  ...(icon && { icon }),
  checked: () => preferences().theme === value,
  run: () => preferences().set({ theme: value }),
});

export const viewActions: readonly Action[] = [
  { id: 'fit', label: 'Zoom to fit', group: 'view', icon: Maximize, shortcuts: ['F'], run: () => fitCanvas() },
  {
    id: 'zoom-in',
    label: 'Zoom in',
    group: 'view',
    icon: ZoomIn,
    shortcuts: ['+', '='],
    run: () => void canvasInstance()?.zoomIn(),
  },
  {
    id: 'zoom-out',
    label: 'Zoom out',
    group: 'view',
    icon: ZoomOut,
    shortcuts: ['-'],
    run: () => void canvasInstance()?.zoomOut(),
  },
  {
    id: 'zoom-100',
    label: 'Zoom to 100 %',
    keywords: ['actual size', 'reset the zoom'],
    group: 'view',
    shortcuts: ['0'],
    run: () => void canvasInstance()?.zoomTo(1),
  },
  {
    id: 'arrange',
    label: 'Arrange automatically',
    group: 'view',
    icon: LayoutDashboard,
    shortcuts: ['L'],
    enabled: () => currentGraph().objects.length > 1,
    run: arrangeCanvas,
  },
  {
    id: 'on-picture',
    label: 'Graph on its picture',
    keywords: ['drag in the picture', 'overlay', 'move things'],
    group: 'view',
    icon: PictureInPicture2,
    shortcuts: ['P'],
    checked: () => useInterface.getState().onPicture,
    enabled: () => useInterface.getState().onPicture || currentGraph().objects.length > 0,
    run: () => useInterface.getState().putOnPicture(!useInterface.getState().onPicture),
  },
  {
    id: 'leave-picture',
    label: 'Back to the canvas',
    group: 'view',
    shortcuts: ['Escape'],
    enabled: () => useInterface.getState().onPicture,
    run: () => useInterface.getState().putOnPicture(false),
  },
  {
    id: 'minimap',
    label: 'Minimap',
    group: 'view',
    icon: MapIcon,
    shortcuts: ['M'],
    checked: () => preferences().minimap,
    run: () => preferences().set({ minimap: !preferences().minimap }),
  },
  {
    id: 'snap',
    label: 'Snap to grid',
    group: 'view',
    icon: Grid3x3,
    checked: () => preferences().snap,
    run: () => preferences().set({ snap: !preferences().snap }),
  },
  theme('light', 'Light theme', Sun),
  theme('dark', 'Dark theme', Moon),
  theme('system', 'Follow the system theme', SunMoon),
  {
    id: 'commands',
    label: 'Command palette…',
    group: 'help',
    icon: Command,
    shortcuts: ['Mod+K', '/'],
    run: () => useInterface.getState().show({ type: 'commands' }),
  },
  {
    id: 'tour',
    label: 'Tour of 60 seconds',
    keywords: ['help', 'introduction', 'learn', 'how does it work'],
    group: 'help',
    icon: Footprints,
    run: startTour,
  },
  {
    id: 'machine',
    label: 'Engine report…',
    keywords: ['WebGPU', 'WASM', 'graphics', 'threads', 'speed', 'memory', 'storage', 'bug report', 'diagnostics'],
    group: 'help',
    icon: Cpu,
    run: () => useInterface.getState().show({ type: 'machine' }),
  },
  {
    id: 'help',
    label: 'Keyboard shortcuts',
    group: 'help',
    icon: Keyboard,
    shortcuts: ['?'],
    run: () => useInterface.getState().show({ type: 'help' }),
  },
];
