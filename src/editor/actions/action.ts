/** An action is data: the menus, the command palette, the keyboard and the cheat sheet all read one table of these. */
import type { LucideIcon } from 'lucide-react';
import { sayFailure } from '#editor/interface/messages.ts';

export type ActionGroup = 'file' | 'edit' | 'select' | 'arrange' | 'relation' | 'object' | 'picture' | 'view' | 'help';

export interface Action {
  readonly id: string;
  readonly label: string;
  readonly group: ActionGroup;
  readonly icon?: LucideIcon;
  /** What it may also be called when somebody searches for it. */
  readonly keywords?: readonly string[];
  /** "Mod+Shift+Z": Mod is ⌘ on Apple machines and Ctrl elsewhere; the last part is a KeyboardEvent.key, letters upper case. */
  readonly shortcuts?: readonly string[];
  /** The browser's own clipboard events do it; the keyboard table must leave the key alone. */
  readonly native?: boolean;
  /** Done when the key is let go, unless the pointer was used meanwhile: held, Space is the hand that moves the canvas. */
  readonly onRelease?: boolean;
  /** Also works while a text field has the focus. */
  readonly inTextField?: boolean;
  /** Ticked in menus. */
  readonly checked?: () => boolean;
  readonly enabled?: () => boolean;
  readonly run: () => void | Promise<void>;
}

export function isEnabled(action: Action): boolean {
  return action.enabled?.() ?? true;
}

/** Does what an action or another command does; what goes wrong is said. */
export async function perform(run: Action['run']): Promise<void> {
  try {
    await run();
  } catch (error) {
    sayFailure(error);
  }
}

interface KeyStroke {
  readonly key: string;
  /** The key's place on the keyboard, named after what an American one has there. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Whether a key event is this shortcut. Shift is ignored for keys that need it to be typed at all ("?"). */
export function matches(shortcut: string, event: KeyStroke, apple: boolean): boolean {
  const parts = shortcut.split('+');
  const key = parts.at(-1) ?? '';
  const wants = (modifier: string) => parts.slice(0, -1).includes(modifier);
  const mod = apple ? event.metaKey : event.ctrlKey;
  const other = apple ? event.ctrlKey : event.metaKey;
  const typed = typedBy(event);
  const shiftMatters = /^[A-Z]$/.test(key) || key.length > 1;
  return (
    typed === key &&
    mod === wants('Mod') &&
    !other &&
    event.altKey === wants('Alt') &&
    (!shiftMatters || event.shiftKey === wants('Shift'))
  );
}

/** On a Russian, Greek or Hebrew keyboard a letter counts as the Latin one in its place. */
function typedBy({ key, code }: KeyStroke): string {
  if (key.length !== 1) return key;
  const isForeign = /\p{L}/u.test(key) && !/\p{Script=Latin}/u.test(key);
  return (isForeign && /^Key([A-Z])$/.exec(code)?.[1]) || key.toUpperCase();
}

const appleSymbols: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };
const names: Readonly<Record<string, string>> = {
  Mod: 'Ctrl',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Delete: 'Del',
  Escape: 'Esc',
  ' ': 'Space',
};

/** "Ctrl+Shift+Z", or "⇧⌘Z" on Apple machines. */
export function displayShortcut(shortcut: string, apple: boolean): string {
  const parts = shortcut.split('+');
  if (!apple) return parts.map((part) => names[part] ?? part).join('+');
  return parts.map((part) => appleSymbols[part] ?? names[part] ?? part).join('');
}

export function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
