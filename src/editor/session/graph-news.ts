/** That the list of graphs was changed, told to every tab that shows it. */
const NAME = 'sgraffito/graphs';
const listeners = new Set<() => void>();
let channel: BroadcastChannel | undefined;

function line(): BroadcastChannel {
  if (!channel) {
    channel = new BroadcastChannel(NAME);
    channel.addEventListener('message', hear);
  }
  return channel;
}

function hear(): void {
  for (const listener of listeners) listener();
}

/** Here and in the other tabs. */
export function tellGraphs(): void {
  line().postMessage(null);
  hear();
}

/** @returns the undo of it */
export function onGraphsChanged(listener: () => void): () => void {
  line();
  listeners.add(listener);
  return () => listeners.delete(listener);
}
