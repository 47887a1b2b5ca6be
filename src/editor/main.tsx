import 'reactflow/dist/base.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/canvas.css';
import './styles/object-node.css';
import './styles/relation-edge.css';
import './styles/menus.css';
import './styles/dialogs.css';
import './styles/picture.css';
import './styles/history.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { restoreSession } from './state/autosave.ts';
import { loadModel } from './state/engine.ts';
import { registerServiceWorker } from './state/offline.ts';
import { followTheme } from './state/preferences-store.ts';

followTheme(document.documentElement, matchMedia('(prefers-color-scheme: dark)'));
void registerServiceWorker();
void loadModel();
await restoreSession();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
