import 'reactflow/dist/base.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/canvas.css';
import './styles/object-node.css';
import './styles/relation-edge.css';
import './styles/menus.css';
import './styles/rename.css';
import './styles/dialogs.css';
import './styles/picture.css';
import './styles/whole.css';
import './styles/on-picture.css';
import './styles/history.css';
import './styles/history-tree.css';
import './styles/tour.css';
import './styles/circumstances.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { saveGraph } from './files/save.ts';
import { Boundary } from './interface/Boundary.tsx';
import { FailureScreen } from './interface/FailureScreen.tsx';
import { sayFailure } from './interface/messages.ts';
import { followTheme } from './interface/preferences-store.ts';
import { registerServiceWorker } from './offline.ts';
import { loadModel } from './painting/models/models.ts';
import { keepGraphs } from './session/keep-graphs.ts';
import { keepPictures } from './session/keep-pictures.ts';
import { keepSession } from './session/keep-session.ts';
import { restoreSession } from './session/restore-session.ts';
import { showStartPicture } from './session/show-start-picture.ts';

// Whatever nobody else reports.
addEventListener('unhandledrejection', ({ reason }) => sayFailure(reason));
followTheme(document.documentElement, matchMedia('(prefers-color-scheme: dark)'));
void registerServiceWorker();
void loadModel();
keepSession(await restoreSession());
keepGraphs();
keepPictures();
void showStartPicture();
const root = document.getElementById('root')!;
createRoot(root).render(
  <StrictMode>
    <Boundary fallback={(error, retry) => <FailureScreen error={error} retry={retry} save={saveGraph} />}>
      <App />
    </Boundary>
  </StrictMode>,
);
