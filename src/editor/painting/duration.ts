/** How long pictures take here, by those that were painted before. */
import type { PictureRecord } from '#editor/history/picture-record.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';

/** @param records newest first. @returns undefined before this model has painted here */
export function millisecondsFor(
  settings: readonly Pick<GenerationSettings, 'steps' | 'sampler'>[],
  records: readonly PictureRecord[],
  model: string | undefined,
): number | undefined {
  // A student's pass and a guided step take different times, and its steps are not those of the settings.
  const isStudent = settings[0]?.sampler === 'student';
  const last = records.find(
    (record) =>
      record.model === model && !record.over && !record.keep && (record.settings.sampler === 'student') === isStudent,
  );
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
