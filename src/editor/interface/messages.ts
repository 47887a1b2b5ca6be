import { createElement } from 'react';
import { toast } from 'sonner';

/** One clear message about something that went wrong, spoken at once. */
export function sayError(title: string, reason?: string): void {
  const lines = [createElement('strong', { key: 'title' }, title)];
  if (reason !== undefined) lines.push(createElement('span', { key: 'reason' }, reason));
  toast.error(createElement('div', { role: 'alert', className: 'toast-lines' }, lines), { duration: 12_000 });
}
