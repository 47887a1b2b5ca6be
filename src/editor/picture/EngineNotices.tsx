import { Info, TriangleAlert, X } from 'lucide-react';
import { dismissNotice, usePreferences } from '#editor/interface/preferences-store.ts';
import { useEngine } from '#editor/painting/engine-store.ts';
import { loadModel } from '#editor/painting/models/models.ts';
import type { EngineFault } from '#engine/contract/engine-error.ts';
import type { Notice } from '#engine/contract/protocol.ts';

const titles: Readonly<Record<EngineFault['code'], string>> = {
  'model-not-found': 'Model not found',
  'model-damaged': 'The model is damaged',
  'server-failed': 'The model cannot be fetched now',
  'model-unsupported': 'This model cannot run here',
  'graph-invalid': 'This graph cannot be painted',
  'settings-invalid': 'These settings cannot be used',
  'out-of-memory': 'Out of memory',
  'non-finite': 'The picture failed',
  'worker-died': 'The painter was restarted',
  internal: 'Something went wrong',
};

/** What the engine has to say: no model, a failed run, a change of backend. */
export function EngineNotices() {
  const status = useEngine((state) => state.status);
  const fault = useEngine((state) => state.fault);
  const notices = useEngine((state) => state.notices);
  const dismissed = usePreferences((state) => state.dismissedNotices);
  return (
    <>
      {status.type === 'failed' && (
        <Fault fault={status.fault}>
          <p>You can go on drawing; your graph is kept.</p>
          <button type="button" className="button" onClick={() => void loadModel()}>
            Try again
          </button>
        </Fault>
      )}
      {fault && <Fault fault={fault} />}
      {notices
        .filter(({ text, isLasting }) => !isLasting || !dismissed.includes(text))
        .map((notice) => (
          <NoticeLine key={notice.text} {...notice} />
        ))}
    </>
  );
}

/** What will be so at the next visit too need not be said again. */
function NoticeLine({ text, isLasting }: Notice) {
  return (
    <div className="notice">
      <Info size={15} aria-hidden />
      <p>{text}</p>
      {isLasting && (
        <button
          type="button"
          className="button button-quiet button-icon"
          aria-label="Do not say this again"
          title="Do not say this again"
          onClick={() => dismissNotice(text)}
        >
          <X size={14} aria-hidden />
        </button>
      )}
    </div>
  );
}

function Fault({ fault, children }: { fault: EngineFault; children?: React.ReactNode }) {
  return (
    <div className="notice notice-bad" role="alert">
      <TriangleAlert size={15} aria-hidden />
      <div className="notice-text">
        <strong>{titles[fault.code]}</strong>
        <p>{fault.message}</p>
        {children}
      </div>
    </div>
  );
}
