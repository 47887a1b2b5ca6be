import { Progress } from 'radix-ui';
import { useEngine } from '#editor/painting/engine-store.ts';
import { loadingText } from '#editor/painting/models/loading-text.ts';

/** How far the model has come, where its picture will be. It is said aloud in the top bar. */
export function ModelProgress() {
  const status = useEngine((state) => state.status);
  if (status.type !== 'loading') return null;
  const { loaded, total } = status;
  const text = loadingText(status);
  return (
    <div className="stage-progress">
      <span className="numeric" aria-hidden>
        {text}
      </span>
      <Progress.Root className="progress" value={total > 0 ? loaded : null} max={total || 1} aria-label={text}>
        <Progress.Indicator style={{ width: `${total > 0 ? (100 * loaded) / total : 0}%` }} />
      </Progress.Root>
    </div>
  );
}
