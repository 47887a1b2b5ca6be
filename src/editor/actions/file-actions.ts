import {
  Boxes,
  Braces,
  Copy,
  Download,
  FileCode,
  FileImage,
  FilePlus,
  Files,
  FolderOpen,
  Images,
  Link,
  PencilLine,
  Save,
  SaveAll,
  Workflow,
} from 'lucide-react';
import { currentGraph, useDocument } from '#editor/document/document-store.ts';
import type { ExampleGraph } from '#editor/examples/examples.ts';
import { openFileDialog } from '#editor/files/open.ts';
import { copyPicture, saveDot, savePicture, saveSg2im } from '#editor/files/save.ts';
import { saveAsFile, saveToFile } from '#editor/files/save-file.ts';
import { copyShareLink } from '#editor/files/shared.ts';
import { findPicture, usePictures } from '#editor/history/pictures-store.ts';
import { useInterface } from '#editor/interface/interface-store.ts';
import { loadPart } from '#editor/interface/load-part.ts';
import { fitCanvasSoon } from '#editor/viewport/canvas-handle.ts';
import { EMPTY_SCENE_GRAPH } from '#graph/scene-graph.ts';
import type { Action } from './action.ts';

const saveCanvas = () => loadPart(() => import('#editor/files/save-canvas.ts'));
const picture = () => findPicture(usePictures.getState().currentId);
const hasObjects = () => currentGraph().objects.length > 0;
const hasPicture = () => picture() !== null;

async function exportPicture(scale: 1 | 2 | 4): Promise<void> {
  const record = picture();
  if (record) await savePicture(record, scale);
}

export function openExample(example: ExampleGraph): void {
  useDocument.getState().replace(example.title, example.graph);
  fitCanvasSoon();
}

export const fileActions: readonly Action[] = [
  {
    id: 'new',
    label: 'New graph',
    keywords: ['empty', 'clear the canvas', 'start over'],
    group: 'file',
    icon: FilePlus,
    run: () => useDocument.getState().replace('Untitled', EMPTY_SCENE_GRAPH),
  },
  {
    id: 'graphs',
    label: 'Graphs…',
    keywords: ['open recent', 'my graphs', 'list of graphs', 'duplicate graph', 'delete graph', 'documents'],
    group: 'file',
    icon: Files,
    shortcuts: ['Mod+Shift+O'],
    run: () => useInterface.getState().show({ type: 'graphs' }),
  },
  { id: 'open', label: 'Open…', group: 'file', icon: FolderOpen, shortcuts: ['Mod+O'], run: openFileDialog },
  {
    id: 'gallery',
    label: 'Gallery of examples…',
    group: 'file',
    icon: Images,
    shortcuts: ['G'],
    run: () => useInterface.getState().show({ type: 'gallery' }),
  },
  { id: 'save', label: 'Save graph', group: 'file', icon: Save, shortcuts: ['Mod+S'], run: saveToFile },
  {
    id: 'save-as',
    label: 'Save graph as…',
    group: 'file',
    icon: SaveAll,
    shortcuts: ['Mod+Shift+S'],
    run: saveAsFile,
  },
  {
    id: 'name-graph',
    label: 'Name this graph…',
    keywords: ['rename graph', 'title'],
    group: 'file',
    icon: PencilLine,
    run: () => useInterface.getState().show({ type: 'name-graph' }),
  },
  { id: 'save-sg2im', label: 'Save as sg2im JSON', group: 'file', icon: Braces, run: saveSg2im },
  { id: 'save-dot', label: 'Save as Graphviz DOT', group: 'file', icon: Workflow, run: saveDot },
  {
    id: 'save-canvas-svg',
    label: 'Save canvas as SVG',
    group: 'file',
    icon: FileCode,
    enabled: hasObjects,
    run: async () => (await saveCanvas()).saveCanvasSvg(),
  },
  {
    id: 'save-canvas-png',
    label: 'Save canvas as PNG',
    group: 'file',
    icon: FileImage,
    enabled: hasObjects,
    run: async () => (await saveCanvas()).saveCanvasPng(),
  },
  { id: 'share-link', label: 'Copy a link to this graph', group: 'file', icon: Link, run: copyShareLink },
  {
    id: 'model',
    label: 'Model…',
    group: 'file',
    icon: Boxes,
    run: () => useInterface.getState().show({ type: 'model' }),
  },
  {
    id: 'export-png',
    label: 'Export PNG',
    group: 'file',
    icon: Download,
    shortcuts: ['Mod+Shift+E'],
    enabled: hasPicture,
    run: () => exportPicture(1),
  },
  { id: 'export-png-2', label: 'Export PNG at 2×', group: 'file', enabled: hasPicture, run: () => exportPicture(2) },
  { id: 'export-png-4', label: 'Export PNG at 4×', group: 'file', enabled: hasPicture, run: () => exportPicture(4) },
  {
    id: 'copy-picture',
    label: 'Copy picture',
    group: 'file',
    icon: Copy,
    shortcuts: ['Mod+Shift+C'],
    enabled: hasPicture,
    run: async () => {
      const record = picture();
      if (record) await copyPicture(record);
    },
  },
];
