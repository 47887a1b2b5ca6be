import { useState } from 'react';
import { usePreferences, VARIATIONS } from '#editor/interface/preferences-store.ts';
import { NumberField } from '#editor/picture/settings/NumberField.tsx';

/** How many variations are painted, and next time too. @param onWrong told whether what stands in the field cannot be */
export function VariationCount({
  onCount,
  onWrong,
}: {
  readonly onCount?: (count: number) => void;
  readonly onWrong?: (isWrong: boolean) => void;
}) {
  const variations = usePreferences((state) => state.variations);
  const [wrong, setWrong] = useState<string>();
  const tell = (text: string | undefined) => {
    setWrong(text);
    onWrong?.(text !== undefined);
  };
  return (
    <div className="contact-count">
      <NumberField
        label="Pictures"
        value={variations}
        min={VARIATIONS.least}
        max={VARIATIONS.most}
        step={1}
        wrong={wrong}
        onChange={(count) => {
          tell(undefined);
          usePreferences.getState().set({ variations: count });
          onCount?.(count);
        }}
        onWrong={tell}
      />
    </div>
  );
}
