/** What the history takes up, and which of its pictures a clean-up would delete. */
import { isKept, type PictureRecord } from './picture-record.ts';

/** Bytes of one picture in the store: pixels, attention maps and latent; the rest is small beside them. */
export function bytesOf({ result }: PictureRecord): number {
  const maps = [...Object.values(result.attention.objects), ...Object.values(result.attention.relations)];
  const attention = maps.reduce((sum, map) => sum + map.byteLength, 0);
  return result.picture.pixels.byteLength + attention + (result.latent?.byteLength ?? 0);
}

export const totalBytes = (records: readonly PictureRecord[]): number =>
  records.reduce((sum, record) => sum + bytesOf(record), 0);

const DAY = 24 * 60 * 60 * 1000;

/** Starred and named pictures, and the one on the stage, are never cleaned up. */
export const cleanUps = [
  { id: 'old', label: 'Older than a week', matches: (age: number) => age > 7 * DAY },
  { id: 'yesterday', label: 'Older than a day', matches: (age: number) => age > DAY },
  { id: 'all', label: 'All', matches: () => true },
] as const;
export type CleanUp = (typeof cleanUps)[number];

export function deletedBy(
  { matches }: CleanUp,
  records: readonly PictureRecord[],
  currentId: string | null,
  now: number,
): readonly PictureRecord[] {
  return records.filter((record) => !isKept(record) && record.id !== currentId && matches(now - record.createdAt));
}
