import { useMemo, useState } from 'react';
import { movedObjects } from '#editor/history/attention.ts';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import type { CompareMode } from '#editor/history/pictures-store.ts';
import { changedShare, differencePicture } from '#editor/history/pixels.ts';
import { altOf, OnePicture } from './OnePicture.tsx';
import { PictureCanvas } from './PictureCanvas.tsx';

interface ComparisonProps {
  readonly mode: Exclude<CompareMode, 'single'>;
  readonly before: PictureRecord;
  readonly after: PictureRecord;
}

/** Two pictures of one seed, before and after a change of the graph. */
export function Comparison({ mode, before, after }: ComparisonProps) {
  switch (mode) {
    case 'side':
      return (
        <div className="pair">
          <OnePicture record={before} tag="Before" />
          <OnePicture record={after} tag="After" />
        </div>
      );
    case 'slider':
      return <Slider before={before} after={after} />;
    case 'difference':
      return <Difference before={before} after={after} />;
    default:
      return mode satisfies never;
  }
}

function Slider({ before, after }: { before: PictureRecord; after: PictureRecord }) {
  const [share, setShare] = useState(50);
  return (
    <div className="stage">
      <PictureCanvas picture={after.result.picture} alt={altOf(after)} />
      {/* The part is the pane's, however near its picture is. */}
      <div className="stage-part" style={{ clipPath: `inset(0 ${100 - share}% 0 0)` }}>
        <PictureCanvas picture={before.result.picture} />
      </div>
      <input
        className="slider-input"
        type="range"
        min={0}
        max={100}
        value={share}
        aria-label="Before and after"
        aria-valuetext={`${share}% before`}
        onChange={(event) => setShare(event.target.valueAsNumber)}
      />
      <span className="slider-line" style={{ left: `${share}%` }} />
      <span className="stage-tag">Before</span>
      <span className="stage-tag stage-tag-right">After</span>
    </div>
  );
}

function Difference({ before, after }: { before: PictureRecord; after: PictureRecord }) {
  const [a, b] = [before.result.picture, after.result.picture];
  const difference = useMemo(() => differencePicture(a, b), [a, b]);
  const share = useMemo(() => Math.round(changedShare(a, b) * 100), [a, b]);
  const objects = useMemo(() => movedObjects(before, after), [before, after]);
  const moved = objects ? `, ${objects.moved} of ${objects.of} objects moved` : '';
  return (
    <div className="stage">
      <PictureCanvas picture={difference} alt={`Difference: ${share}% of the picture changed${moved}`} />
      <span className="stage-tag">
        {share}% changed{moved}
      </span>
    </div>
  );
}
