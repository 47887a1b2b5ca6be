import { Info, TriangleAlert } from 'lucide-react';
import { loadModel } from '#editor/painting/engine.ts';
import { useEngine } from '#editor/painting/engine-store.ts';
import type { EngineFault } from '#engine/contract/engine-error.ts';

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
  const notice = useEngine((state) => state.notice);
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
      {notice && (
        <div className="notice">
          <Info size={15} aria-hidden />
          <p>{notice}</p>
        </div>
      )}
    </>
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
