/** How long stages train: so many minutes each, or so many pictures. */
import type { Budget } from '#training/trainer/train-loop.ts';
import type { TrainingConfig } from './config.ts';

type Timed = keyof TrainingConfig['minutes'];

/** The stage's pictures where the configuration counts them, else its minutes. */
export function budgetOf({ minutes, pictures }: TrainingConfig, stage: Timed): Budget {
  const count = pictures?.[stage];
  return count === undefined ? { minutes: minutes[stage] } : { pictures: count };
}

/** The configuration with all stages' minutes scaled so that they add up to these; pictures no longer count. */
export function scaledTo({ pictures: _, ...config }: TrainingConfig, minutes: number): TrainingConfig {
  const shares = Object.entries(config.minutes) as [Timed, number][];
  const total = shares.reduce((sum, [, share]) => sum + share, 0);
  const scaled = shares.map(([stage, share]) => [stage, (share * minutes) / total]);
  return { ...config, minutes: Object.fromEntries(scaled) as TrainingConfig['minutes'] };
}

/** The configuration with one stage's minutes; its pictures no longer count. A stage that is not timed leaves it as it is. */
export function withStageMinutes(config: TrainingConfig, stage: string, minutes: number): TrainingConfig {
  if (!(stage in config.minutes)) return config;
  const pictures = Object.fromEntries(Object.entries(config.pictures ?? {}).filter(([name]) => name !== stage));
  return { ...config, minutes: { ...config.minutes, [stage]: minutes }, ...(config.pictures && { pictures }) };
}
