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
import { restoreSession } from './document/autosave.ts';
import { followTheme } from './interface/preferences-store.ts';
import { registerServiceWorker } from './offline.ts';
import { loadModel } from './painting/engine.ts';

followTheme(document.documentElement, matchMedia('(prefers-color-scheme: dark)'));
void registerServiceWorker();
void loadModel();
await restoreSession();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
