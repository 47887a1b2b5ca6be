/** The history's pictures in the browser's store, shared by all tabs. */
import { toast } from 'sonner';
import { isPictureRecord, type PictureRecord } from '#editor/history/picture-record.ts';
import { usePictures } from '#editor/history/pictures-store.ts';
import { commit, type Database, onStorageLost, storage } from '#editor/storage/database.ts';
import { attempt } from './attempt.ts';

/** Tells the other tabs which pictures to read again and which to forget. */
interface News {
  readonly changed: readonly string[];
  readonly deleted: readonly string[];
}

/** Newest first. Pictures that cannot be read cost nothing else: neither the document nor the other pictures. */
export async function readPictures(db: Database): Promise<readonly PictureRecord[]> {
  const found: readonly unknown[] = await db.getAllFromIndex('pictures', 'byTime').catch(() => []);
  const whole = found.filter(isPictureRecord);
  const damaged = found.length - whole.length;
  if (damaged > 0) {
    const what = damaged === 1 ? 'One picture' : `${damaged} pictures`;
    toast.warning(`${what} of the history could not be read and ${damaged === 1 ? 'is' : 'are'} not shown.`);
  }
  return whole.reverse();
}

/** Writes what changes from now on, and shows what other tabs write. @returns the undo of it */
export function keepPictures(): () => void {
  const others = new BroadcastChannel('sgraffito/pictures');
  let isNews = false;
  const stop = usePictures.subscribe(({ records }, before) => {
    if (records !== before.records && !isNews) void attempt(() => write(before.records, records, others));
  });
  const follow = async ({ changed, deleted }: News) => {
    const db = await storage();
    const read: readonly unknown[] = await Promise.all(changed.map((id) => db.get('pictures', id)));
    isNews = true;
    usePictures.getState().follow(read.filter(isPictureRecord), new Set(deleted));
    isNews = false;
  };
  // Where the store cannot be read there is no news; the next start shows it.
  others.addEventListener('message', ({ data }: MessageEvent<News>) => void follow(data).catch(() => undefined));
  const stopLost = onStorageLost(() => void attempt(() => write([], usePictures.getState().records, others)));
  return () => {
    stop();
    stopLost();
    others.close();
  };
}

async function write(
  before: readonly PictureRecord[],
  after: readonly PictureRecord[],
  others: BroadcastChannel,
): Promise<void> {
  const old = new Set(before);
  const kept = new Set(after.map(({ id }) => id));
  const changed = after.filter((record) => !old.has(record));
  const deleted = before.map(({ id }) => id).filter((id) => !kept.has(id));
  const transaction = (await storage()).transaction('pictures', 'readwrite');
  for (const record of changed) void transaction.store.put(record);
  for (const id of deleted) void transaction.store.delete(id);
  await commit(transaction);
  others.postMessage({ changed: changed.map(({ id }) => id), deleted } satisfies News);
}
