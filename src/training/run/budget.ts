/** How long a stage trains. */
import type { Budget } from '#training/trainer/train-loop.ts';
import type { TrainingConfig } from './config.ts';

/** The stage's pictures where the configuration counts them, else its minutes. */
export function budgetOf({ minutes, pictures }: TrainingConfig, stage: keyof TrainingConfig['minutes']): Budget {
  const count = pictures?.[stage];
  return count === undefined ? { minutes: minutes[stage] } : { pictures: count };
}
