import { Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { Sheet } from '#editor/dialogs/Sheet.tsx';
import { usePictures } from '#editor/history/pictures-store.ts';
import { sayError } from '#editor/interface/messages.ts';
import { usePreferences } from '#editor/interface/preferences-store.ts';
import { useEngine } from '#editor/painting/engine-store.ts';
import { isBuiltIn } from '#editor/painting/models/built-in.ts';
import { backendWish, chooseBackend } from '#editor/painting/models/models.ts';
import type { BackendWish } from '#engine/contract/protocol.ts';
import { browserFacts, measureMemory } from './browser-facts.ts';
import { type BrowserFacts, machineReport, reportText } from './machine-report.ts';

/** What paints, on what, and how fast; and all of it as text for a bug report. */
export function MachineReport() {
  const status = useEngine((state) => state.status);
  const notices = useEngine((state) => state.notices);
  const over = useEngine((state) => state.over);
  const last = usePictures(({ records }) => records.find(({ result }) => result.stages));
  const wish = usePreferences(() => backendWish());
  const [facts, setFacts] = useState<Omit<BrowserFacts, 'memory'>>();
  const [memory, setMemory] = useState<number | null>();
  useEffect(() => {
    void browserFacts().then(setFacts);
    void measureMemory().then(setMemory);
  }, []);
  const sections = facts ? machineReport({ status, notices, over }, last, { ...facts, memory }, isBuiltIn) : [];
  const copy = () =>
    navigator.clipboard.writeText(reportText(sections)).then(
      () => void toast.success('Report copied.'),
      () =>
        sayError(
          'Not copied',
          'The browser does not let this page write to the clipboard. Select the text and copy it.',
        ),
    );
  return (
    <Sheet
      title="Engine report"
      lead="What paints on this computer, and how fast. The report holds nothing of your graphs, pictures or files."
    >
      <label className="field machine-choice">
        Paint with
        <select
          className="input"
          value={wish}
          onChange={({ target }) => void chooseBackend(target.value as BackendWish)}
        >
          <option value="auto">Whatever is faster</option>
          <option value="webgpu">WebGPU</option>
          <option value="wasm">The processor (WASM)</option>
        </select>
      </label>
      {sections.map(({ title, rows }) => (
        <section key={title} className="machine-section">
          <h3>{title}</h3>
          <dl>
            {rows.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd className="numeric">{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <div className="dialog-foot">
        <button type="button" className="button" disabled={!facts} onClick={() => void copy()}>
          <Copy size={14} aria-hidden />
          Copy report
        </button>
      </div>
    </Sheet>
  );
}
