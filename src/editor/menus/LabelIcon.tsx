import { Shapes } from 'lucide-react';
import { useSprite } from '#editor/painting/sprites-store.ts';

/** The model's own drawing of a label; a neutral mark for words that it has none of. */
export function LabelIcon({ label, size = 20 }: { label: string; size?: number }) {
  const sprite = useSprite(label, size);
  return (
    <span
      className="label-icon"
      data-sprite={sprite !== undefined}
      aria-hidden
      style={{ width: size, height: size, ...sprite }}
    >
      {!sprite && <Shapes size={Math.round(size * 0.75)} strokeWidth={1.8} />}
    </span>
  );
}
