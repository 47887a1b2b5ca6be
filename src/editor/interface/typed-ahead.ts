/** Keys that are pressed while a part is on its way are for its first field: they wait, and no other command gets them. */
import { useInterface } from './interface-store.ts';

/** Each calls off its part. */
const waiting = new Set<() => void>();
const keys: KeyboardEventInit[] = [];
let isListening = false;
let isReplaying = false;
/** A part has come, and its dialog, which alone may have the keys, has not taken the focus yet. */
let isForDialog = false;

/** Frames that a part may take to put the focus into its field. */
const PATIENCE = 30;

/**
 * From now on keys wait. @param close calls the part off: Escape does.
 * @param isDialog it alone is to have the keys, or nobody; of anything else they go where the focus is
 * @returns ends it: the keys follow
 */
export function keepKeys(close: () => void, { isDialog = true } = {}): () => void {
  waiting.add(close);
  if (!isListening) {
    isListening = true;
    addEventListener('keydown', keep, { capture: true });
  }
  return () => {
    // What was called off has no keys any more.
    if (!waiting.delete(close)) return;
    isForDialog ||= isDialog;
    if (waiting.size === 0) void replay();
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
  if (key === 'Escape' && waiting.size > 0) {
    stop();
    callOff();
  } else keys.push({ key, code, shiftKey });
}

function callOff(): void {
  const all = [...waiting];
  waiting.clear();
  for (const close of all) close();
}

function stop(): void {
  keys.length = 0;
  isForDialog = false;
  removeEventListener('keydown', keep, { capture: true });
  isListening = false;
}

/** One loop at a time, whatever its keys open. */
async function replay(): Promise<void> {
  if (isReplaying) return;
  isReplaying = true;
  for (let next = await nextKey(); next; next = await nextKey()) type(next);
  isReplaying = false;
  // Otherwise a part is still to come, and it goes on from there.
  if (waiting.size === 0) stop();
}

/** The next key, as soon as somebody is there to take it. */
async function nextKey(): Promise<KeyboardEventInit | undefined> {
  do {
    // What came, or what a key opened or filtered, is there in the next frame.
    await nextFrame();
    await nextFrame();
    for (let frame = 0; frame < PATIENCE && waiting.size === 0 && isAwaited(); frame++) await nextFrame();
  } while (isCalledOff());
  // Where no dialog came nobody is there to take them.
  if (waiting.size > 0 || isAwaited()) return undefined;
  isForDialog = false;
  return keys.shift();
}

/** A part is on its way, and the Escape that calls it off is among the keys that waited already. */
function isCalledOff(): boolean {
  const at = keys.findIndex(({ key }) => key === 'Escape');
  if (waiting.size === 0 || at < 0) return false;
  keys.splice(0, at + 1);
  callOff();
  return true;
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
  return (isForDialog || dialog !== null || picker !== null) && !isInDialog();
}

const isInDialog = (): boolean => document.activeElement?.closest('[role="dialog"]') != null;

const nextFrame = () => new Promise(requestAnimationFrame);
