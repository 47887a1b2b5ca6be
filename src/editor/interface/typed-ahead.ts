/** Keys that are pressed while a part is on its way are for its first field: they wait, and no other command gets them. */
import { useInterface } from './interface-store.ts';

/** Each calls off its part. */
const waiting = new Set<() => void>();
const keys: KeyboardEventInit[] = [];
let isListening = false;

/** Frames that a part may take to put the focus into its field. */
const PATIENCE = 30;

/**
 * From now on keys wait. @param close calls the part off: Escape does.
 * @returns ends it: the keys follow when the focus is in a dialog, or at once where none is to open
 */
export function keepKeys(close: () => void): () => void {
  waiting.add(close);
  if (!isListening) {
    isListening = true;
    addEventListener('keydown', keep, { capture: true });
  }
  return () => {
    // What was called off has no keys any more.
    if (waiting.delete(close) && waiting.size === 0) void replay();
  };
}

/** The part could not be fetched: what was typed for it is for nobody. */
export function dropKeys(close: () => void): void {
  waiting.delete(close);
  if (waiting.size === 0) stop();
}

function keep(event: KeyboardEvent): void {
  const { key, code, shiftKey, ctrlKey, metaKey, altKey, isTrusted } = event;
  // What is typed again passes, and what belongs to the browser.
  if (!isTrusted || ctrlKey || metaKey || altKey || /^(F\d+|Shift|Control|Alt|Meta|Process)$/.test(key)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (key === 'Escape' && waiting.size > 0) callOff();
  else keys.push({ key, code, shiftKey });
}

function callOff(): void {
  const all = [...waiting];
  waiting.clear();
  stop();
  for (const close of all) close();
}

function stop(): void {
  keys.length = 0;
  removeEventListener('keydown', keep, { capture: true });
  isListening = false;
}

async function replay(): Promise<void> {
  for (let frame = 0; frame < PATIENCE && isAwaited(); frame++) {
    await nextFrame();
    // A part may bring another one that is still to come, and Escape may have called it off.
    if (waiting.size > 0 || !isListening) return;
  }
  // Where no dialog came nobody is there to take them.
  if (isAwaited()) return stop();
  for (let next = keys.shift(); next; next = keys.shift()) {
    type(next);
    // What a key opens or filters is there in the next frame.
    await nextFrame();
    await nextFrame();
    if (waiting.size > 0) return;
  }
  stop();
}

function type(init: KeyboardEventInit): void {
  const { key = '' } = init;
  const field = document.activeElement ?? document.body;
  const goesOn = field.dispatchEvent(new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true }));
  if (!goesOn) return;
  // The one way to type into a field that leaves its own undo as it is; every browser has it.
  if (key.length === 1) document.execCommand('insertText', false, key);
  else if (key === 'Backspace') document.execCommand('delete');
  else if (key === 'Enter' && field instanceof HTMLInputElement) field.form?.requestSubmit();
}

/** Whether something was opened that has not taken the focus yet. */
function isAwaited(): boolean {
  const { dialog, picker } = useInterface.getState();
  return (dialog !== null || picker !== null) && !isInDialog();
}

const isInDialog = (): boolean => document.activeElement?.closest('[role="dialog"]') != null;

const nextFrame = () => new Promise(requestAnimationFrame);
