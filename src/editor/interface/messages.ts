import { createElement } from 'react';
import { toast } from 'sonner';
import { PartMissingError } from './load-part.ts';

/** A button in a message. */
export interface ToastAction {
  readonly label: string;
  onClick(): void;
}

/** One clear message about something that went wrong, spoken at once. @param action what would do instead */
export function sayError(title: string, reason?: string, action?: ToastAction): void {
  const lines = [createElement('strong', { key: 'title' }, title)];
  if (reason !== undefined) lines.push(createElement('span', { key: 'reason' }, reason));
  toast.error(createElement('div', { role: 'alert', className: 'toast-lines' }, lines), {
    // Said again, it takes its own place.
    id: `${title} ${reason ?? ''}`,
    duration: action ? Number.POSITIVE_INFINITY : 12_000,
    ...(action && { action }),
  });
}

/** Whatever a part or a command ended with: what is missing says what to do, anything else is a fault of ours. */
export function sayFailure(error: unknown): void {
  if (error instanceof PartMissingError) sayError('That part is not here', error.message);
  else sayError('Something went wrong', `${reasonOf(error)} Your graph is kept.`);
}

const reasonOf = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(message) ? message : `${message}.`;
};
