/** How long pictures take here, by those that were painted before. */
import type { PictureRecord } from '#editor/history/picture-record.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';

/** @param records newest first. @returns undefined before this model has painted here */
export function millisecondsFor(
  settings: readonly Pick<GenerationSettings, 'steps'>[],
  records: readonly PictureRecord[],
  model: string | undefined,
): number | undefined {
  const last = records.find((record) => record.model === model && !record.over && !record.keep);
  if (!last) return undefined;
  const perStep = last.result.milliseconds / last.settings.steps;
  return settings.reduce((sum, { steps }) => sum + steps * perStep, 0);
}

/** "about 40 s", "about 3 min": no more exact than it is known. */
export function durationText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 1.5) return 'about a second';
  if (seconds < 10) return `about ${Math.round(seconds)} s`;
  if (seconds < 90) return `about ${Math.round(seconds / 5) * 5} s`;
  return `about ${Math.round(seconds / 60)} min`;
}
