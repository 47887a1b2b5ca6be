import { Maximize2 } from 'lucide-react';
import { isEnabled, perform } from '#editor/actions/action.ts';
import { actionOf } from '#editor/actions/table.ts';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { useBeforePicture, useCurrentPicture, usePictures } from '#editor/history/pictures-store.ts';
import { useEngine } from '#editor/painting/engine-store.ts';
import { describe as inWords } from '#graph/words/describe.ts';
import { Comparison } from './Comparison.tsx';
import { ModelProgress } from './ModelProgress.tsx';
import { OnePicture } from './OnePicture.tsx';
import { PictureCanvas } from './PictureCanvas.tsx';

/** The picture in its panel; a button and a double click show it whole. */
export function Stage() {
  const hasPicture = useCurrentPicture() !== null;
  const openWhole = () => {
    const action = actionOf('whole-picture');
    if (isEnabled(action)) void perform(action.run);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same
    <div className="stage-frame" onDoubleClick={openWhole}>
      <StageContent />
      <ModelProgress />
      {hasPicture && (
        <button
          type="button"
          className="stage-open"
          aria-label="Look at it whole"
          title="Look at it whole (Space)"
          onClick={openWhole}
        >
          <Maximize2 size={15} aria-hidden />
        </button>
      )}
    </div>
  );
}

/** The picture: being made, made, or compared with the one before. */
export function StageContent() {
  const run = useEngine((state) => state.run);
  const draft = useEngine((state) => state.draft);
  const current = useCurrentPicture();
  const before = useBeforePicture();
  const mode = usePictures((state) => state.mode);
  if (draft) {
    return (
      <div className="stage">
        <PictureCanvas picture={draft.picture} alt={`Draft of: ${inWords(draft.graph)}`} />
        <span className="stage-tag">Draft</span>
      </div>
    );
  }
  if (run.type === 'running' && run.preview) {
    return (
      <div className="stage">
        <PictureCanvas picture={run.preview} alt={`Preview at step ${run.step} of ${run.steps}`} />
        <span className="stage-tag">Preview</span>
      </div>
    );
  }
  if (!current) return <EmptyStage />;
  if (mode !== 'single' && before && (mode === 'side' || isSameSize(before, current))) {
    return <Comparison mode={mode} before={before} after={current} />;
  }
  return <OnePicture record={current} />;
}

/** A slider and a difference need pictures of one size; those of two models may differ. */
function isSameSize(a: PictureRecord, b: PictureRecord): boolean {
  const [one, other] = [a.result.picture, b.result.picture];
  return one.width === other.width && one.height === other.height;
}

function EmptyStage() {
  return (
    <div className="stage">
      <div className="stage-wait">
        <svg
          viewBox="0 0 76 76"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.5"
          strokeLinecap="round"
          aria-hidden="true"
        >
          <rect x="6" y="6" width="64" height="64" rx="10" />
          <path d="M14 58c12-16 20-20 26-12s12 8 22-6" />
          <circle cx="52" cy="24" r="6" />
          <path d="M16 26c6-3 10-4 15-4M16 34c4-2 7-2 10-2" opacity=".55" />
        </svg>
        <p>Your picture appears here.</p>
      </div>
    </div>
  );
}
