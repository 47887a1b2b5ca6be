import { Columns2, Diff, Image, SplitSquareHorizontal } from 'lucide-react';
import { RadioGroup } from 'radix-ui';
import { type CompareMode, useBeforePicture, useCurrentPicture, usePictures } from '#editor/history/pictures-store.ts';

const modes = [
  { mode: 'single', label: 'Picture', icon: Image },
  { mode: 'side', label: 'Side by side', icon: Columns2 },
  { mode: 'slider', label: 'Slider', icon: SplitSquareHorizontal },
  { mode: 'difference', label: 'Difference', icon: Diff },
] as const satisfies readonly { mode: CompareMode; label: string; icon: typeof Image }[];

/** One picture, or this one against the one before. */
export function CompareBar() {
  const mode = usePictures((state) => state.mode);
  const setMode = usePictures((state) => state.setMode);
  const before = useBeforePicture();
  const current = useCurrentPicture();
  return (
    <div className="picture-bar">
      <RadioGroup.Root
        className="segmented"
        aria-label="View"
        value={before ? mode : 'single'}
        onValueChange={(value) => setMode(modes.find((each) => each.mode === value)?.mode ?? 'single')}
      >
        {modes.map(({ mode: value, label, icon: Icon }) => (
          <RadioGroup.Item
            key={value}
            value={value}
            aria-label={label}
            title={label}
            disabled={value !== 'single' && !before}
          >
            <Icon size={14} aria-hidden />
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      {current && (
        <span className="field-label numeric">
          seed {current.settings.seed} · {(current.result.milliseconds / 1000).toFixed(1)} s
        </span>
      )}
    </div>
  );
}
