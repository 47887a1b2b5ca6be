/** Files on their way in: by dialog, drag and drop, or paste. Whatever is wrong with them, the user's graph is kept. */

import { toast } from 'sonner';
import { useDocument } from '#editor/document/document-store.ts';
import { type NamedGraph, useInterface } from '#editor/interface/interface-store.ts';
import { loadPart } from '#editor/interface/load-part.ts';
import { sayError, sayFailure, type ToastAction } from '#editor/interface/messages.ts';
import { paintedOver } from '#editor/painting/painted-over.ts';
import { useSettings } from '#editor/painting/settings-store.ts';
import { fitCanvasSoon } from '#editor/viewport/canvas-handle.ts';
import type { Inpainting } from '#engine/contract/protocol.ts';
import type { OverpaintingRecipe } from '#engine/contract/recipe.ts';
import { FILE_BOUNDS } from '#graph/files/checks/file-schema.ts';
import { isPng } from '#graph/files/png/png-signature.ts';
import { type FileFault, readGraphFiles, type TextFile } from '#graph/files/read-files.ts';
import { decodeText, tooLarge } from '#graph/files/text-file.ts';
import { rememberFile } from './save-file.ts';
import { isPicture } from './shown-picture.ts';

const MAX_FILES = 200;

/** By the picker whose files can be saved over, where the browser has it. */
export async function openFileDialog(): Promise<void> {
  if (!window.showOpenFilePicker) return openByInput();
  let handles: readonly FileSystemFileHandle[];
  try {
    handles = await window.showOpenFilePicker({ multiple: true, types: OPENED });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return;
    return openByInput();
  }
  await openFiles(await Promise.all(handles.map((handle) => handle.getFile())));
  const [only, ...others] = handles;
  if (only && others.length === 0) await rememberFile(only);
}

const OPENED = [
  {
    description: 'Graphs and pictures',
    accept: {
      'application/json': ['.json', '.jsonl'],
      'image/png': ['.png'],
      'image/jpeg': ['.jpg', '.jpeg'],
      'image/webp': ['.webp'],
      'image/svg+xml': ['.svg'],
      'text/vnd.graphviz': ['.dot', '.gv'],
    },
  },
];

function openByInput(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.accept =
    '.json,.jsonl,.png,.jpg,.jpeg,.webp,.svg,.dot,.gv,application/json,image/png,image/jpeg,image/webp,image/svg+xml';
  input.addEventListener('change', () => void openFiles([...(input.files ?? [])]));
  input.click();
}

/**
 * Opens graphs and pictures with their recipes: one takes the place of the graph, of several the user chooses. However many
 * files are at fault, it is told in one message.
 * @param folders names of those that were dropped with the files
 */
export async function openFiles(files: readonly File[], folders: readonly string[] = []): Promise<void> {
  if (files.length + folders.length === 0) return;
  if (files.length > MAX_FILES) {
    sayError(`${files.length} files are too many at once`, `Open up to ${MAX_FILES} together.`);
    return;
  }
  const texts: TextFile[] = [];
  const pictures: NamedGraph[] = [];
  const faults: FileFault[] = folders.map((file) => ({ file, message: 'it is a folder: open the files inside it.' }));
  for (const file of files) {
    try {
      const isPicture = isPng(await bytesOf(file.slice(0, 8)));
      if (file.size > FILE_BOUNDS.bytes) throw isPicture ? pictureTooLarge(file.size) : tooLarge(file.size);
      const bytes = await bytesOf(file);
      if (isPicture) pictures.push(await readPicture(bytes, file.name));
      else texts.push({ name: file.name, text: decodeText(bytes) });
    } catch (error) {
      faults.push({ file: file.name, message: error instanceof Error ? error.message : String(error) });
    }
  }
  const read = readGraphFiles(texts);
  const graphs = [...pictures, ...read.graphs];
  const [only] = graphs;
  const source = files.length === 1 ? files[0]!.name : `${files.length} files`;
  const { warnings, leftOut } = read;
  if (graphs.length > 1) useInterface.getState().show({ type: 'choose-graph', source, graphs, warnings, leftOut });
  else if (only) openNamedGraph(only);
  sayFaults([...faults, ...read.faults], graphs.length > 0, await readingOf(files));
  if (graphs.length === 1) sayWarnings(warnings, leftOut, source);
}

/** Takes the place of the graph, one step of undo; a picture's graph brings its seed and settings. */
export function openNamedGraph({ name, graph, recipe }: NamedGraph): void {
  useDocument.getState().replace(name, graph);
  fitCanvasSoon();
  if (!recipe) return;
  useSettings.getState().recall(recipe);
  const notes = [...(recipe.keep ? [keptOf(recipe.keep)] : []), ...(recipe.over ? [overOf(recipe.over)] : [])];
  toast.success(
    'Graph, seed and settings restored from the picture.',
    notes.length > 0 ? { description: notes.join(' ') } : undefined,
  );
}

const overOf = (over: OverpaintingRecipe): string =>
  `It was ${paintedOver(over)}: so is what Generate paints, until the graph or a setting is changed.`;

const keptOf = ({ strength }: Inpainting): string =>
  `It kept the rest of a picture before it (strength ${Math.round(strength * 100)} %): what it kept is restored too, until the graph or a setting is changed.`;

async function readPicture(bytes: Uint8Array, fileName: string): Promise<NamedGraph> {
  const { readPngRecipe } = await loadPart(() => import('#engine/contract/png-recipe.ts'));
  const recipe = readPngRecipe(bytes);
  return { name: fileName.replace(/\.[^.]*$/, ''), graph: recipe.graph, recipe };
}

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch {
    throw new Error(
      'the browser could not read it: it may be a folder, or have been moved or changed. Choose it anew.',
    );
  }
}

function pictureTooLarge(bytes: number): Error {
  const megabytes = (size: number) => `${Math.ceil(size / 1e6)} MB`;
  const size = `the picture has ${megabytes(bytes)}; up to ${megabytes(FILE_BOUNDS.bytes)} are read here`;
  return new Error(`${size}. Open the PNG as it was exported, before it was enlarged.`);
}

/** What can be done for a picture alone that brings no graph. */
async function readingOf(files: readonly File[]): Promise<ToastAction | undefined> {
  const [file] = files;
  if (files.length !== 1 || !file || file.size > FILE_BOUNDS.bytes) return undefined;
  const head = await bytesOf(file.slice(0, 12)).catch(() => undefined);
  if (!head || !isPicture(head)) return undefined;
  const read = async () => (await loadPart(() => import('./read-picture.ts'))).readGraphOf(file);
  return { label: 'Read a graph from what it shows', onClick: () => void read().catch(sayFailure) };
}

function sayFaults(faults: readonly FileFault[], hasGraphs: boolean, reading: ToastAction | undefined): void {
  const [first, ...more] = faults;
  if (!first) return;
  if (more.length === 0) sayError(`Could not open ${first.file}`, first.message, reading);
  else {
    const title = `${faults.length} files could not be opened${hasGraphs ? '; the others were' : ''}`;
    sayError(title, `${first.file}: ${first.message} The others: ${more.map(({ file }) => file).join(', ')}.`);
  }
}

function sayWarnings([first]: readonly string[], leftOut: number, source: string): void {
  if (!first) return;
  toast.warning(leftOut > 1 ? `${leftOut} things in ${source} were left out` : `Left out of ${source}`, {
    description: leftOut > 1 ? `${first} And ${leftOut - 1} more.` : first,
    duration: 10_000,
  });
}
