import { useDocument } from './document-store.ts';

/** The browser's tab bears the document's name. @returns the undo of its subscription */
export function keepTabTitle(): () => void {
  const apply = () => {
    document.title = `${useDocument.getState().name} — Sgraffito`;
  };
  apply();
  return useDocument.subscribe(apply);
}
