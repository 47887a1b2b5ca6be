import { useEffect, useState } from 'react';
import { openFiles } from './open.ts';

/** Files dropped anywhere on the page are opened. */
export function DropZone() {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setIsOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setIsOver(false);
    const drop = (event: DragEvent) => {
      setIsOver(false);
      const { files, folders } = dropped(event.dataTransfer);
      if (files.length + folders.length === 0) return;
      event.preventDefault();
      void openFiles(files, folders);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, []);
  return isOver ? <div className="drop-veil">Drop graphs or pictures of ours</div> : null;
}

/** A dropped folder comes as a file that cannot be read; only its entry says what it is. */
function dropped(data: DataTransfer | null): { readonly files: readonly File[]; readonly folders: readonly string[] } {
  const isFolder = [...(data?.items ?? [])]
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry()?.isDirectory ?? false);
  const all = [...(data?.files ?? [])];
  return {
    files: all.filter((_, i) => !isFolder[i]),
    folders: all.filter((_, i) => isFolder[i]).map(({ name }) => name),
  };
}
