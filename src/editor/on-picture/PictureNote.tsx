import { Sparkles } from 'lucide-react';
import { perform } from '#editor/actions/action.ts';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { generate } from '#editor/painting/engine.ts';
import { secondsLeft, useEngine } from '#editor/painting/engine-store.ts';
import { useIsEarlier } from '#editor/painting/findings.ts';

/** That the picture is being painted, or is not of this graph. */
export function PictureNote({ record }: { readonly record: PictureRecord | null }) {
  const run = useEngine((state) => state.run);
  // Without a model there is nothing on its way.
  const fault = useEngine(({ fault: last, status }) => (status.type === 'failed' ? status.fault : last));
  const status = useEngine((state) => state.status.type);
  if (run.type === 'running') {
    const left = secondsLeft(run);
    return (
      <p className="picture-note">
        <span className="numeric">
          Painting, step {run.step} of {run.steps}
          {left !== undefined && left >= 1 && `, about ${Math.ceil(left)} s left`}
        </span>
      </p>
    );
  }
  return record ? (
    <Earlier record={record} status={status} fault={fault?.message} />
  ) : (
    <None status={status} fault={fault?.message} />
  );
}

interface StateProps {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly fault: string | undefined;
}

function Earlier({ record, ...state }: StateProps & { readonly record: PictureRecord }) {
  const isEarlier = useIsEarlier(record);
  return isEarlier ? <Ask {...state}>This picture is of an earlier graph.</Ask> : null;
}

function None(state: StateProps) {
  return <Ask {...state}>There is no picture of this graph yet.</Ask>;
}

function Ask({ status, fault, children }: StateProps & { readonly children: string }) {
  return (
    <p className="picture-note" data-asks="true">
      <span>{fault ?? children}</span>
      <button
        type="button"
        className="button button-primary"
        disabled={status !== 'ready'}
        onClick={() => void perform(() => generate({ keepSeed: true }))}
      >
        <Sparkles size={15} aria-hidden />
        {status === 'loading' ? 'The model is on its way' : 'Paint it'}
      </button>
    </p>
  );
}
