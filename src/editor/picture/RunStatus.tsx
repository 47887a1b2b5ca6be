import { Progress } from 'radix-ui';
import { type Running, secondsLeft, useEngine } from '#editor/painting/engine-store.ts';

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

const firstWords = ({ over, recipe }: Running): string => {
  if (over !== undefined) return 'Reading the picture…';
  return recipe.over ? 'Reading the graph to draw it first…' : 'Reading the graph…';
};

function RunText({ run }: { run: Running }) {
  const left = secondsLeft(run);
  return (
    <>
      <span>{run.step === 0 ? firstWords(run) : `Step ${run.step} of ${run.steps}`}</span>
      {left !== undefined && <span>{left < 1 ? 'almost done' : `about ${Math.ceil(left)} s left`}</span>}
    </>
  );
}
