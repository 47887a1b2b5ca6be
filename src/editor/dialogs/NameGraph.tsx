import { MAX_DOCUMENT_NAME, useDocument } from '#editor/document/document-store.ts';
import { NameSheet } from './NameSheet.tsx';

/** A name for the graph: of the tab, and of files that it is saved as. */
export function NameGraph() {
  const { name, rename } = useDocument.getState();
  return (
    <NameSheet
      title="Name the graph"
      lead="The tab and saved files are called so."
      current={name}
      maxLength={MAX_DOCUMENT_NAME}
      onName={rename}
    />
  );
}
