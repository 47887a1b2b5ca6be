import { Check } from 'lucide-react';
import { type Action, displayShortcut, isApple } from '#editor/actions/action.ts';

/** What every menu shows of an action: icon or tick, label, shortcut. */
export function ActionLabel({ action }: { action: Action }) {
  const { icon: Icon, label, shortcuts, checked } = action;
  const [shortcut] = shortcuts ?? [];
  return (
    <>
      <span className="menu-item-icon" aria-hidden>
        {checked?.() ? <Check size={15} /> : Icon && <Icon size={15} />}
      </span>
      {label}
      {shortcut && <kbd aria-hidden>{displayShortcut(shortcut, isApple())}</kbd>}
    </>
  );
}
