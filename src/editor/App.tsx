/** The screen: the bars and panels around the canvas, and what is loaded only when it is opened. */

import { lazy, Suspense, useEffect } from 'react';
import { ReactFlowProvider } from 'reactflow';
import { Toaster } from 'sonner';
import { listenToKeyboard } from './actions/keyboard.ts';
import { Canvas } from './canvas/Canvas.tsx';
import { keepSession } from './document/autosave.ts';
import { DropZone } from './files/DropZone.tsx';
import { followSharedLinks } from './files/shared.ts';
import { useInterface } from './interface/interface-store.ts';
import { usePreferences } from './interface/preferences-store.ts';
import { TopBar } from './menus/TopBar.tsx';
import { useContactSheet } from './painting/contact-sheet.ts';
import { keepLive } from './painting/live.ts';
import { keepSprites } from './painting/sprites-store.ts';
import { Palette } from './palette/Palette.tsx';
import { HistoryStrip } from './picture/HistoryStrip.tsx';
import { PicturePanel } from './picture/PicturePanel.tsx';

// None of these is on the first screen.
const Picker = lazy(() => import('./menus/Picker.tsx').then(({ Picker: component }) => ({ default: component })));
const CommandPalette = lazy(() =>
  import('./menus/CommandPalette.tsx').then(({ CommandPalette: component }) => ({ default: component })),
);
const ContactSheet = lazy(() =>
  import('./dialogs/ContactSheet.tsx').then(({ ContactSheet: component }) => ({ default: component })),
);
const Dialogs = lazy(() => import('./dialogs/Dialogs.tsx').then(({ Dialogs: component }) => ({ default: component })));

export function App() {
  const paletteOpen = useInterface((state) => state.paletteOpen);
  const picker = useInterface((state) => state.picker);
  const dialog = useInterface((state) => state.dialog);
  const hasSheet = useContactSheet((state) => state.title !== null);
  const theme = usePreferences((state) => state.theme);
  useEffect(() => {
    const stops = [listenToKeyboard(), keepSession(), keepLive(), keepSprites(), followSharedLinks()];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return (
    <ReactFlowProvider>
      <div className="app" data-palette={paletteOpen ? 'open' : 'closed'}>
        <a className="skip-link" href="#canvas">
          Skip to the canvas
        </a>
        <TopBar />
        <Palette />
        <Canvas />
        <PicturePanel />
        <HistoryStrip />
      </div>
      <Suspense>
        {picker && <Picker />}
        {hasSheet && <ContactSheet />}
        {dialog?.type === 'commands' && <CommandPalette />}
        {dialog && dialog.type !== 'commands' && <Dialogs />}
      </Suspense>
      <DropZone />
      <Toaster position="bottom-center" theme={theme} closeButton />
    </ReactFlowProvider>
  );
}
