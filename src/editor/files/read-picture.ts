/** A picture without a recipe: its graph is read from what is seen in it. */
import { toast } from 'sonner';
import { useDocument } from '#editor/document/document-store.ts';
import { counted } from '#editor/interface/counted.ts';
import { sayError } from '#editor/interface/messages.ts';
import { readPicture } from '#editor/painting/engine.ts';
import { currentManifest, engineSettled } from '#editor/painting/engine-store.ts';
import { fitCanvasSoon } from '#editor/viewport/canvas-handle.ts';
import { pixelsOf } from './shown-picture.ts';

/** Takes the place of the graph, one step of undo. Faults end up on the screen. */
export async function readGraphOf(file: File): Promise<void> {
  try {
    await engineSettled();
    const image = currentManifest()?.image;
    if (!image)
      throw new Error(
        'Only the built-in model can look at pictures: take it by “Model…”, then open the picture again.',
      );
    const { objects, relations, ...rest } = await readPicture(await pixelsOf(file, image));
    if (objects.length === 0) throw new Error('Nothing was found in it that this model can draw.');
    useDocument.getState().replace(file.name.replace(/\.[^.]*$/, ''), { ...rest, objects, relations });
    fitCanvasSoon();
    toast.success(
      `${counted(objects.length, 'object')} and ${counted(relations.length, 'relation')} were read from the picture.`,
      {
        description: 'They are what the model’s verifier saw, so look them over. Colours are not read.',
      },
    );
  } catch (error) {
    sayError(`No graph was read from ${file.name}`, error instanceof Error ? error.message : String(error));
  }
}
