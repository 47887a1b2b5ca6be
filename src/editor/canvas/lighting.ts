/** What the hand is on is lit on the canvas and on the picture: the one place where ids of both meet. */
import { currentDocument, useDocument } from '#editor/document/document-store.ts';
import { type Lit, useInterface } from '#editor/interface/interface-store.ts';

export function lightUp(type: Lit['type'], id: string): void {
  useInterface.getState().light({ type, id, document: currentDocument() });
}

export function lightOff(): void {
  useInterface.getState().light(null);
}

/** Whether an element of the canvas is lit, from here or from a picture of the same document. */
export function useIsLit(type: Lit['type'], id: string): boolean {
  return useInterface(({ lit }) => lit?.type === type && lit.id === id && lit.document === currentDocument());
}

/** What is gone from the canvas is under no hand: nothing says that the pointer left it. @returns the undo of its subscription */
export function keepLight(): () => void {
  return useDocument.subscribe(({ history: { document, present } }, before) => {
    const { lit } = useInterface.getState();
    if (!lit || present === before.history.present) return;
    const elements = lit.type === 'object' ? present.objects : present.relations;
    if (lit.document !== document || elements.every(({ id }) => id !== lit.id)) lightOff();
  });
}
