import { Image, Waypoints } from 'lucide-react';
import { RadioGroup } from 'radix-ui';
import { useInterface } from '#editor/interface/interface-store.ts';

const sides = [
  { side: 'canvas', label: 'Graph', icon: Waypoints },
  { side: 'picture', label: 'Picture', icon: Image },
] as const;

/** Where there is room for one of them: the graph or the picture. */
export function SideSwitch() {
  const side = useInterface((state) => state.side);
  const showSide = useInterface((state) => state.showSide);
  return (
    <nav className="side-switch" aria-label="Sides">
      <RadioGroup.Root
        className="segmented"
        aria-label="What is shown"
        value={side}
        onValueChange={(value) => showSide(value === 'picture' ? 'picture' : 'canvas')}
      >
        {sides.map(({ side: value, label, icon: Icon }) => (
          <RadioGroup.Item key={value} value={value}>
            <Icon size={15} aria-hidden />
            {label}
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
    </nav>
  );
}
