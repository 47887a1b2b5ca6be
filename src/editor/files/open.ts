/** Files on their way in: by dialog, drag and drop, or paste. Whatever is wrong with one, the user's graph is kept. */
import { toast } from 'sonner';
import { fitCanvas } from '#editor/canvas/canvas-handle.ts';
import { useDocument } from '#editor/state/document-store.ts';
import { useInterface } from '#editor/state/interface-store.ts';
import { sayError } from '#editor/state/messages.ts';
import { useSettings } from '#editor/state/settings-store.ts';
import { readGraphs } from '#graph/read-graph.ts';

/** No graph or picture of ours comes near this. */
const MAX_FILE_BYTES = 64_000_000;

export function openFileDialog(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,.png,application/json,image/png';
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) void openFile(file);
  });
  input.click();
}

/** Opens a graph or a picture with its recipe; every fault becomes one message. */
export async function openFile(file: File): Promise<void> {
  try {
    if (file.size > MAX_FILE_BYTES) throw new Error('the file is too large to be a graph.');
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (isPng(bytes)) await openPicture(bytes, file.name);
    else openGraphs(new TextDecoder().decode(bytes), file.name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    sayError(`Could not open ${file.name}`, reason);
  }
}

function openGraphs(text: string, fileName: string): void {
  const { graphs, warnings } = readGraphs(text);
  const name = fileName.replace(/\.[^.]*$/, '');
  const [graph] = graphs;
  if (graphs.length > 1) {
    const named = graphs.map((each, i) => ({ name: `${name} ${i + 1}`, graph: each }));
    useInterface.getState().show({ type: 'choose-graph', source: fileName, graphs: named });
  } else if (graph) {
    useDocument.getState().replace(name, graph);
    requestAnimationFrame(() => requestAnimationFrame(() => fitCanvas()));
  }
  const [first, ...more] = warnings;
  if (first) {
    toast.warning(more.length ? `${warnings.length} things in ${fileName} were left out` : `Left out of ${fileName}`, {
      description: more.length ? `${first} And ${more.length} more.` : first,
      duration: 10_000,
    });
  }
}

async function openPicture(bytes: Uint8Array, fileName: string): Promise<void> {
  const { readPngRecipe } = await import('./png.ts');
  const { graph, settings, keptRest } = readPngRecipe(bytes);
  useDocument.getState().replace(fileName.replace(/\.[^.]*$/, ''), graph);
  useSettings.getState().change(settings);
  requestAnimationFrame(() => requestAnimationFrame(() => fitCanvas()));
  toast.success('Graph, seed and settings restored from the picture.', {
    ...(keptRest !== undefined && {
      description: 'It kept the rest of a picture before it, which is not in the file: painted again, it will differ.',
      duration: 10_000,
    }),
  });
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function isPng(bytes: Uint8Array): boolean {
  return PNG_SIGNATURE.every((byte, i) => bytes[i] === byte);
}
