/** The screen: the bars and panels around the canvas, and what is loaded only when it is opened. */

import { useEffect } from 'react';
import { ReactFlowProvider } from 'reactflow';
import { Toaster } from 'sonner';
import { listenToKeyboard } from './actions/keyboard.ts';
import { Canvas } from './canvas/Canvas.tsx';
import { keepLight } from './canvas/lighting.ts';
import { keepNeighbourhood } from './canvas/neighbourhood.ts';
import { keepTabTitle } from './document/tab-title.ts';
import { DropZone } from './files/DropZone.tsx';
import { followSharedLinks } from './files/shared.ts';
import { useInterface } from './interface/interface-store.ts';
import { keepFocus } from './interface/keep-focus.ts';
import { LazyPart, preloadParts } from './interface/LazyPart.tsx';
import { usePreferences } from './interface/preferences-store.ts';
import { SideSwitch } from './menus/SideSwitch.tsx';
import { TopBar } from './menus/TopBar.tsx';
import { keepOnPicture } from './on-picture/follow.ts';
import { closeContactSheet, useContactSheet } from './painting/contact-sheet.ts';
import { keepLive } from './painting/live.ts';
import { keepSprites } from './painting/sprites-store.ts';
import { Palette } from './palette/Palette.tsx';
import { PicturePanel } from './picture/PicturePanel.tsx';
import { HistoryStrip } from './picture/strip/HistoryStrip.tsx';
import { endTour, useTour } from './tour/tour-store.ts';
import { preparePrinting } from './viewport/printing.ts';

// None of these is on the first screen.
const parts = {
  picker: async () => (await import('./menus/Picker.tsx')).Picker,
  commands: async () => (await import('./menus/CommandPalette.tsx')).CommandPalette,
  contactSheet: async () => (await import('./dialogs/ContactSheet.tsx')).ContactSheet,
  tour: async () => (await import('./tour/TourBar.tsx')).TourBar,
  dialogs: async () => (await import('./dialogs/Dialogs.tsx')).Dialogs,
};
const closePicker = () => useInterface.getState().pick(null);
const closeDialog = () => useInterface.getState().show(null);

export function App() {
  const paletteOpen = useInterface((state) => state.paletteOpen);
  const side = useInterface((state) => state.side);
  const picker = useInterface((state) => state.picker);
  const dialog = useInterface((state) => state.dialog);
  const hasSheet = useContactSheet((state) => state.title !== null);
  const theme = usePreferences((state) => state.theme);
  const panelWidth = usePreferences((state) => state.panelWidth);
  const tourStep = useTour(({ tour }) => tour?.step);
  const hasTour = usePreferences(({ tourOffered }) => !tourOffered) || tourStep !== undefined;
  useEffect(() => {
    preloadParts([parts.picker, parts.commands, parts.dialogs]);
    const stops = [
      listenToKeyboard(),
      keepFocus(),
      keepLive(),
      keepOnPicture(),
      keepLight(),
      keepNeighbourhood(),
      keepSprites(),
      keepTabTitle(),
      followSharedLinks(),
      preparePrinting(),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return (
    <ReactFlowProvider>
      <div
        className="app"
        data-palette={paletteOpen ? 'open' : 'closed'}
        data-side={side}
        data-tour={tourStep}
        style={panelWidth === null ? undefined : { '--panel': `${panelWidth}px` }}
      >
        <a className="skip-link" href="#canvas">
          Skip to the canvas
        </a>
        <TopBar />
        <Palette />
        <Canvas />
        {hasTour && (
          <div className="tour-place">
            <LazyPart load={parts.tour} close={endTour} isDialog={false} />
          </div>
        )}
        <PicturePanel />
        <SideSwitch />
        <HistoryStrip />
      </div>
      {picker && <LazyPart load={parts.picker} close={closePicker} />}
      {hasSheet && <LazyPart load={parts.contactSheet} close={closeContactSheet} />}
      {dialog?.type === 'commands' && <LazyPart load={parts.commands} close={closeDialog} />}
      {dialog && dialog.type !== 'commands' && <LazyPart load={parts.dialogs} close={closeDialog} />}
      <DropZone />
      <Toaster position="bottom-center" theme={theme} closeButton />
    </ReactFlowProvider>
  );
}
