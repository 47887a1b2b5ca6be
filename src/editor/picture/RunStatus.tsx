import { Progress } from 'radix-ui';
import { type Run, secondsLeft, useEngine } from '#editor/painting/engine-store.ts';

/** Step k of n and the time left; spoken to those who do not see it. */
export function RunStatus() {
  const run = useEngine((state) => state.run);
  return (
    <div className={run.type === 'idle' ? 'visually-hidden' : 'run'}>
      <p className="run-line numeric" role="status" aria-live="polite" aria-label="Generation">
        {run.type === 'running' && <RunText run={run} />}
      </p>
      {run.type === 'running' && (
        <Progress.Root className="progress" value={run.step} max={run.steps} aria-label="Progress">
          <Progress.Indicator style={{ width: `${(100 * run.step) / run.steps}%` }} />
        </Progress.Root>
      )}
    </div>
  );
}

function RunText({ run }: { run: Extract<Run, { type: 'running' }> }) {
  const left = secondsLeft(run);
  return (
    <>
      <span>{run.step === 0 ? 'Reading the graph…' : `Step ${run.step} of ${run.steps}`}</span>
      {left !== undefined && <span>{left < 1 ? 'almost done' : `about ${Math.ceil(left)} s left`}</span>}
    </>
  );
}
