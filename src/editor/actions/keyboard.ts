import { isComposing } from '#editor/interface/composing.ts';
import { type Action, isApple, isEnabled, matches, perform } from './action.ts';
import { copySelection, cutSelection, pasteData } from './clipboard.ts';
import { actions } from './table.ts';

/** Text fields keep their own keys: Ctrl+Z there undoes the text. */
function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const { tagName, isContentEditable } = target;
  return isContentEditable || tagName === 'INPUT' || tagName === 'TEXTAREA' || tagName === 'SELECT';
}

/** Buttons, menus and tabs keep Space, Enter and arrows, except the canvas's own elements. */
function isControl(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.dataset.relation !== undefined || target.classList.contains('react-flow__node')) return false;
  return target.closest('button, a, [role="menuitem"], [role="menu"], [role="radio"], [role="switch"]') !== null;
}

const controlKeys = new Set([' ', 'Enter', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || isComposing(event) || document.querySelector('[role="dialog"], [role="menu"]')) return;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (plain && controlKeys.has(event.key) && isControl(event.target)) return;
  // Space on a relation's label is a click, which selects it.
  if (event.key === ' ' && event.target instanceof HTMLElement && event.target.dataset.relation !== undefined) return;
  const inText = isTextField(event.target);
  const apple = isApple();
  const action = actions.find(
    (candidate) =>
      !candidate.native &&
      (!inText || candidate.inTextField) &&
      candidate.shortcuts?.some((shortcut) => matches(shortcut, event, apple)) &&
      isEnabled(candidate),
  );
  if (!action) return;
  event.preventDefault();
  if (!action.onRelease) void perform(action.run);
  else if (!event.repeat) held = { key: event.key, action };
}

/** Waits for its key to be let go. */
let held: { readonly key: string; readonly action: Action } | null = null;

function letGo(): void {
  held = null;
}

function onKeyUp({ key }: KeyboardEvent): void {
  const released = held?.key === key ? held.action : undefined;
  letGo();
  if (released) void perform(released.run);
}

function writeClipboard(take: () => string | null) {
  return (event: ClipboardEvent) => {
    if (isTextField(event.target) || String(getSelection()) !== '') return;
    const text = take();
    if (text === null) return;
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
  };
}

function onPaste(event: ClipboardEvent): void {
  if (isTextField(event.target)) return;
  const files = [...(event.clipboardData?.files ?? [])];
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (pasteData(files, text)) event.preventDefault();
}

/** Connects the keyboard and the clipboard to the table of actions. @returns the undo of it */
export function listenToKeyboard(): () => void {
  // Before a button or menu that has the focus: Ctrl+Enter is no Enter.
  const withModifier = (event: KeyboardEvent) => (event.ctrlKey || event.metaKey) && onKeyDown(event);
  const withoutModifier = (event: KeyboardEvent) => !event.ctrlKey && !event.metaKey && onKeyDown(event);
  const onCopy = writeClipboard(copySelection);
  const onCut = writeClipboard(cutSelection);
  document.addEventListener('keydown', withModifier, { capture: true });
  document.addEventListener('keydown', withoutModifier);
  document.addEventListener('keyup', onKeyUp);
  document.addEventListener('pointerdown', letGo, { capture: true });
  addEventListener('blur', letGo);
  document.addEventListener('copy', onCopy);
  document.addEventListener('cut', onCut);
  document.addEventListener('paste', onPaste);
  return () => {
    document.removeEventListener('keydown', withModifier, { capture: true });
    document.removeEventListener('keydown', withoutModifier);
    document.removeEventListener('keyup', onKeyUp);
    document.removeEventListener('pointerdown', letGo, { capture: true });
    removeEventListener('blur', letGo);
    document.removeEventListener('copy', onCopy);
    document.removeEventListener('cut', onCut);
    document.removeEventListener('paste', onPaste);
  };
}
