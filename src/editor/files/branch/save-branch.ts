/** A branch of the history as a file to hand out. Loaded when it is asked for. */
import { toast } from 'sonner';
import { currentDocument, useDocument } from '#editor/document/document-store.ts';
import { download, fileName } from '#editor/files/save.ts';
import { documentOf } from '#editor/history/picture-record.ts';
import { usePictures } from '#editor/history/pictures-store.ts';
import { pathTo } from '#editor/history/tree.ts';
import { loadPart } from '#editor/interface/load-part.ts';
import { sayError } from '#editor/interface/messages.ts';
import { spriteImages } from '#editor/painting/sprites-store.ts';
import { branchFilm } from './branch-film.ts';
import { branchPage } from './branch-page.ts';
import { type BranchStep, branchSteps } from './branch-steps.ts';

/** From the root to this picture. */
export function saveBranchPage(id: string | null): void {
  const { steps, leftOut } = branchTo(id);
  if (steps.length === 0) return;
  const name = nameOf(steps);
  const icons = spriteImages(steps.flatMap(({ record }) => record.graph.objects.map(({ label }) => label)));
  const page = branchPage(steps, { name, leftOut, iconOf: (label) => icons.get(label) });
  download(`${fileName(name)}-branch.html`, page, 'text/html');
  sayLeftOut(leftOut);
}

/** From the root to this picture. */
export async function saveBranchGif(id: string | null): Promise<void> {
  const { steps, leftOut } = branchTo(id);
  if (steps.length === 0) return;
  const name = nameOf(steps);
  const { encodeGif } = await loadPart(() => import('./gif.ts'));
  const message = 'branch-gif';
  const tell = (drawn: number) =>
    toast.loading(`Making the GIF: picture ${drawn + 1} of ${steps.length}`, { id: message });
  try {
    download(`${fileName(name)}-branch.gif`, await encodeGif(branchFilm(steps, tell)), 'image/gif');
    sayLeftOut(leftOut);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    sayError('The GIF could not be made. Export the branch as a page instead.', reason);
  } finally {
    toast.dismiss(message);
  }
}

function branchTo(id: string | null): { readonly steps: readonly BranchStep[]; readonly leftOut: number } {
  const path = pathTo(usePictures.getState().records, id);
  const steps = branchSteps(path);
  return { steps, leftOut: path.length - steps.length };
}

/** Of the graph; the name of one that is not on the canvas is not known. */
function nameOf(steps: readonly BranchStep[]): string {
  const last = steps.at(-1)?.record;
  return last && documentOf(last) === currentDocument() ? useDocument.getState().name : 'A branch of the history';
}

function sayLeftOut(count: number): void {
  if (count === 0) return;
  toast.info(`The branch is long: its first ${count === 1 ? 'picture is' : `${count} pictures are`} not in the file.`, {
    description: 'To have them too, export again from an earlier picture.',
    duration: 12_000,
  });
}
