/** The dialogs, each for one `Dialog` of the interface's store. Loaded when the first of them opens. */

import { useInterface } from '#editor/interface/interface-store.ts';
import { LazyPart } from '#editor/interface/LazyPart.tsx';
import { WholePicture } from '#editor/picture/whole/WholePicture.tsx';
import { AddRelation } from './AddRelation.tsx';
import { CheatSheet } from './CheatSheet.tsx';
import { Gallery } from './Gallery.tsx';
import { ChooseGraph } from './graphs/ChooseGraph.tsx';
import { ChooseModel } from './models/ChooseModel.tsx';
import { NameGraph } from './NameGraph.tsx';
import { NamePicture } from './NamePicture.tsx';
import { PaintOver } from './PaintOver.tsx';
import { Repair } from './Repair.tsx';

// It brings the language library along.
const sentencePart = async () => (await import('./SentenceToGraph.tsx')).SentenceToGraph;
const historyPart = async () => (await import('./ManageHistory.tsx')).ManageHistory;
const machinePart = async () => (await import('./machine/MachineReport.tsx')).MachineReport;
const graphsPart = async () => (await import('./graphs/Graphs.tsx')).Graphs;
const close = () => useInterface.getState().show(null);

/** At most one dialog is open; this is where. */
export function Dialogs() {
  const dialog = useInterface((state) => state.dialog);
  switch (dialog?.type) {
    case 'help':
      return <CheatSheet />;
    case 'model':
      return <ChooseModel />;
    case 'machine':
      return <LazyPart load={machinePart} close={close} />;
    case 'add-relation':
      return <AddRelation subject={dialog.subject} />;
    case 'gallery':
      return <Gallery />;
    case 'graphs':
      return <LazyPart load={graphsPart} close={close} />;
    case 'history':
      return <LazyPart load={historyPart} close={close} />;
    case 'whole-picture':
      return <WholePicture />;
    case 'repair':
      return <Repair />;
    case 'paint-over':
      return <PaintOver />;
    case 'name-graph':
      return <NameGraph />;
    case 'name-picture':
      return <NamePicture id={dialog.id} />;
    case 'sentence':
      return <LazyPart load={sentencePart} close={close} />;
    case 'choose-graph':
      return <ChooseGraph {...dialog} />;
    default:
      return null;
  }
}
