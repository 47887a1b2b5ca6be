/** Files on their way in: by dialog, drag and drop, or paste. Whatever is wrong with them, the user's graph is kept. */
import { toast } from 'sonner';
import { useDocument } from '#editor/document/document-store.ts';
import { type NamedGraph, useInterface } from '#editor/interface/interface-store.ts';
import { sayError } from '#editor/interface/messages.ts';
import { useSettings } from '#editor/painting/settings-store.ts';
import { fitCanvasSoon } from '#editor/viewport/canvas-handle.ts';
import type { Inpainting } from '#engine/contract/protocol.ts';
import { type FileFault, readGraphFiles, type TextFile } from '#graph/files/read-files.ts';

/** No graph or picture of ours comes near this; a tab that parses much more stands still. */
const MAX_FILE_BYTES = 64_000_000;
const MAX_FILES = 200;

export function openFileDialog(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.accept = '.json,.png,application/json,image/png';
  input.addEventListener('change', () => void openFiles([...(input.files ?? [])]));
  input.click();
}

/**
 * Opens graphs and pictures with their recipes: one takes the place of the graph, of several the user chooses. However many
 * files are at fault, it is told in one message.
 */
export async function openFiles(files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  if (files.length > MAX_FILES) {
    sayError(`${files.length} files are too many at once`, `Open up to ${MAX_FILES} together.`);
    return;
  }
  const texts: TextFile[] = [];
  const pictures: NamedGraph[] = [];
  const faults: FileFault[] = [];
  for (const file of files) {
    try {
      if (file.size > MAX_FILE_BYTES) throw new Error(tooLarge(file.size));
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (isPng(bytes)) pictures.push(await readPicture(bytes, file.name));
      else texts.push({ name: file.name, text: new TextDecoder().decode(bytes) });
    } catch (error) {
      faults.push({ file: file.name, message: error instanceof Error ? error.message : String(error) });
    }
  }
  const read = readGraphFiles(texts);
  const graphs = [...pictures, ...read.graphs];
  const [only] = graphs;
  const source = files.length === 1 ? files[0]!.name : `${files.length} files`;
  if (graphs.length > 1) useInterface.getState().show({ type: 'choose-graph', source, graphs });
  else if (only) openNamedGraph(only);
  sayFaults([...faults, ...read.faults], graphs.length > 0);
  sayWarnings(read.warnings, source);
}

/** Takes the place of the graph, one step of undo; a picture's graph brings its seed and settings. */
export function openNamedGraph({ name, graph, recipe }: NamedGraph): void {
  useDocument.getState().replace(name, graph);
  fitCanvasSoon();
  if (!recipe) return;
  useSettings.getState().recall(recipe);
  toast.success(
    'Graph, seed and settings restored from the picture.',
    recipe.keep && { description: keptOf(recipe.keep) },
  );
}

const keptOf = ({ strength }: Inpainting): string =>
  `It kept the rest of a picture before it (strength ${Math.round(strength * 100)} %): what it kept is restored too, until the graph or a setting is changed.`;

async function readPicture(bytes: Uint8Array, fileName: string): Promise<NamedGraph> {
  const { readPngRecipe } = await import('./png.ts');
  const recipe = readPngRecipe(bytes);
  return { name: fileName.replace(/\.[^.]*$/, ''), graph: recipe.graph, recipe };
}

function tooLarge(bytes: number): string {
  const megabytes = (size: number) => `${Math.round(size / 1_000_000)} MB`;
  return `it has ${megabytes(bytes)}; up to ${megabytes(MAX_FILE_BYTES)} are read here. Cut out the records you need, for Visual Genome the same images of each file: jq '.[:1000]' objects.json > few-objects.json.`;
}

function sayFaults(faults: readonly FileFault[], hasGraphs: boolean): void {
  const [first, ...more] = faults;
  if (!first) return;
  if (more.length === 0) sayError(`Could not open ${first.file}`, first.message);
  else {
    const title = `${faults.length} files could not be opened${hasGraphs ? '; the others were' : ''}`;
    sayError(title, `${first.file}: ${first.message} The others: ${more.map(({ file }) => file).join(', ')}.`);
  }
}

function sayWarnings(warnings: readonly string[], source: string): void {
  const [first, ...more] = warnings;
  if (!first) return;
  toast.warning(more.length ? `${warnings.length} things in ${source} were left out` : `Left out of ${source}`, {
    description: more.length ? `${first} And ${more.length} more.` : first,
    duration: 10_000,
  });
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function isPng(bytes: Uint8Array): boolean {
  return PNG_SIGNATURE.every((byte, i) => bytes[i] === byte);
}
