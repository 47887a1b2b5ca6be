/** The picture's side of the screen: stage, settings, progress and comparison. */

import { Brush, ClipboardCopy, Download, Sparkles } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { displayShortcut, isApple, perform } from '#editor/actions/action.ts';
import { actionOf } from '#editor/actions/table.ts';
import { useCurrentPicture } from '#editor/history/pictures-store.ts';
import { useEngine } from '#editor/painting/engine-store.ts';
import { isOverRecalled, useSettings } from '#editor/painting/settings-store.ts';
import { ChangeNote } from './ChangeNote.tsx';
import { CompareBar } from './CompareBar.tsx';
import { EngineNotices } from './EngineNotices.tsx';
import { Findings } from './Findings.tsx';
import { PanelEdge } from './PanelEdge.tsx';
import { RunStatus } from './RunStatus.tsx';
import { Stage } from './Stage.tsx';
import { SettingsForm } from './settings/SettingsForm.tsx';
import { Told } from './Told.tsx';
import { Warnings } from './Warnings.tsx';

/** The right-hand side: the picture, how it is made, and its way out. */
export function PicturePanel() {
  const picture = useCurrentPicture();
  return (
    <aside id="panel" tabIndex={-1} className="panel" aria-label="Picture">
      <PanelEdge />
      <div className="panel-body">
        <Stage />
        <CompareBar />
        {/* One place for what is being done and what came of it: Generate stays under the hand. */}
        <div className="picture-notes">
          <RunStatus />
          {picture && <Findings record={picture} />}
          <ChangeNote />
        </div>
        <GenerateRow hasPicture={picture !== null} />
        <Warnings />
        <EngineNotices />
        {picture && <Told record={picture} />}
        <SettingsForm />
      </div>
    </aside>
  );
}

function GenerateRow({ hasPicture }: { hasPicture: boolean }) {
  const isReady = useEngine((state) => state.status.type === 'ready');
  const isRunning = useEngine((state) => state.run.type === 'running');
  const hasOver = useSettings(isOverRecalled);
  const run = (id: string) => () => void perform(actionOf(id).run);
  return (
    <div className="generate-row">
      {isRunning ? (
        <button type="button" className="button" onClick={run('cancel')}>
          Cancel
        </button>
      ) : (
        <button type="button" className="button button-primary" disabled={!isReady} onClick={run('generate')}>
          <Sparkles size={16} aria-hidden />
          Generate
          <kbd aria-hidden>{displayShortcut('Mod+Enter', isApple())}</kbd>
        </button>
      )}
      <button
        type="button"
        className="button button-icon"
        aria-label="Paint over with…"
        title="Paint over with…"
        disabled={(!hasPicture && !hasOver) || !isReady || isRunning}
        onClick={run('paint-over')}
      >
        <Brush size={16} aria-hidden />
      </button>
      <button
        type="button"
        className="button button-icon"
        aria-label="Copy picture"
        title="Copy picture"
        disabled={!hasPicture}
        onClick={run('copy-picture')}
      >
        <ClipboardCopy size={16} aria-hidden />
      </button>
      <DropdownMenu.Root>
        <DropdownMenu.Trigger
          className="button button-icon"
          aria-label="Export PNG"
          title="Export PNG"
          disabled={!hasPicture}
        >
          <Download size={16} aria-hidden />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="menu" align="end" sideOffset={5}>
            {(['export-png', 'export-png-2', 'export-png-4'] as const).map((id, i) => (
              <DropdownMenu.Item key={id} className="menu-item" onSelect={run(id)}>
                {['PNG, the model’s own pixels', 'PNG at 2×', 'PNG at 4×'][i]}
              </DropdownMenu.Item>
            ))}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </div>
  );
}
