import { sayError } from '#editor/interface/messages.ts';

let hasSaid = false;

/** Writes to a store that may be full, forbidden or gone. It is said once until something is kept again; the session goes on without it. */
export async function attempt(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
    hasSaid = false;
  } catch (error) {
    if (hasSaid) return;
    hasSaid = true;
    const reason = error instanceof Error ? error.message : String(error);
    sayError('Your work could not be kept in this browser', `Save the graph as a file (File, Save graph). ${reason}`);
  }
}
