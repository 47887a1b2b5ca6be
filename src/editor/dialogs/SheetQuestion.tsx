import { RadioGroup } from 'radix-ui';
import { useState } from 'react';
import { usePictures } from '#editor/history/pictures-store.ts';
import { counted } from '#editor/interface/counted.ts';
import { usePreferences, VARIATIONS } from '#editor/interface/preferences-store.ts';
import { closeContactSheet, fillContactSheet, type SheetPlan } from '#editor/painting/contact-sheet.ts';
import { durationText, millisecondsFor } from '#editor/painting/duration.ts';
import { useManifest } from '#editor/painting/engine-store.ts';
import { VariationCount } from './VariationCount.tsx';

/** Before many pictures are painted: which, how many, and how long that will take. */
export function SheetQuestion({ plan }: { readonly plan: SheetPlan }) {
  const { choices, entryAt, title } = plan;
  const [chosen, setChosen] = useState(0);
  const variations = usePreferences((state) => state.variations);
  const [isWrong, setWrong] = useState(false);
  const count = Math.min(VARIATIONS.most, Math.max(VARIATIONS.least, Math.round(variations) || 0));
  const entries = entryAt ? Array.from({ length: count }, (_, i) => entryAt(i)) : (choices[chosen]?.entries ?? []);
  const time = useTime(entries.map(({ settings }) => settings));
  return (
    <form
      className="sheet-question"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isWrong) void fillContactSheet(title, entries, undefined, entryAt);
      }}
    >
      {choices.length > 1 && (
        <RadioGroup.Root
          className="segmented"
          aria-label="Which relations"
          value={String(chosen)}
          onValueChange={(value) => setChosen(Number(value))}
        >
          {choices.map(({ label, entries: some }, i) => (
            <RadioGroup.Item key={label} value={String(i)}>
              {label}
              <span className="numeric">{some.length}</span>
            </RadioGroup.Item>
          ))}
        </RadioGroup.Root>
      )}
      {entryAt && <VariationCount onWrong={setWrong} />}
      <p className="numeric" role="status" aria-label="How long">
        {counted(entries.length, 'picture')}, {time}
      </p>
      <ul className="sheet-captions">
        {entries.map(({ caption }) => (
          <li key={caption}>{caption}</li>
        ))}
      </ul>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={closeContactSheet}>
          Cancel
        </button>
        <button type="submit" className="button button-primary" disabled={isWrong}>
          Paint {entries.length}
        </button>
      </div>
    </form>
  );
}

function useTime(settings: Parameters<typeof millisecondsFor>[0]): string {
  const records = usePictures((state) => state.records);
  const model = useManifest()?.name;
  const milliseconds = millisecondsFor(settings, records, model);
  return milliseconds === undefined ? 'how long is known after the first' : durationText(milliseconds);
}
