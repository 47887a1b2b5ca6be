/** The dialogs, each for one `Dialog` of the interface's store. Loaded when the first of them opens. */

import { lazy } from 'react';
import { useInterface } from '#editor/interface/interface-store.ts';
import { AddRelation } from './AddRelation.tsx';
import { CheatSheet } from './CheatSheet.tsx';
import { ChooseGraph } from './ChooseGraph.tsx';
import { ChooseModel } from './ChooseModel.tsx';
import { Gallery } from './Gallery.tsx';
import { NamePicture } from './NamePicture.tsx';

// It brings the language library along.
const SentenceToGraph = lazy(() =>
  import('./SentenceToGraph.tsx').then(({ SentenceToGraph: component }) => ({ default: component })),
);

const ManageHistory = lazy(() =>
  import('./ManageHistory.tsx').then(({ ManageHistory: component }) => ({ default: component })),
);

/** At most one dialog is open; this is where. */
export function Dialogs() {
  const dialog = useInterface((state) => state.dialog);
  switch (dialog?.type) {
    case 'help':
      return <CheatSheet />;
    case 'model':
      return <ChooseModel />;
    case 'add-relation':
      return <AddRelation subject={dialog.subject} />;
    case 'gallery':
      return <Gallery />;
    case 'history':
      return <ManageHistory />;
    case 'name-picture':
      return <NamePicture id={dialog.id} />;
    case 'sentence':
      return <SentenceToGraph />;
    case 'choose-graph':
      return <ChooseGraph source={dialog.source} graphs={dialog.graphs} />;
    default:
      return null;
  }
}
