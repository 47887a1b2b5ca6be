/** What each setting does, in one line, and what it may be. */
import { type settingBounds as bounds, settingBounds } from '#engine/contract/generation-settings.ts';

type Bounded = Extract<keyof typeof bounds, 'seed' | 'steps' | 'guidanceScale' | 'relationFactor'>;

const rangeOf = (setting: Bounded): string => {
  const { min, max } = settingBounds[setting];
  return `${min.toLocaleString('en')} to ${max.toLocaleString('en')}.`;
};

export const settingNotes = {
  seed: `The noise that the picture begins with: the same seed and graph paint the same picture. ${rangeOf('seed')}`,
  steps: `How often noise is taken away: more takes longer and draws finer. ${rangeOf('steps')}`,
  guidanceScale: `How strictly the picture keeps to the graph; 1 leaves it free. ${rangeOf('guidanceScale')}`,
  relationFactor: `How much further guidance carries relations than objects. ${rangeOf('relationFactor')}`,
  style: 'Whose drawings it resembles. Any leaves that to the seed.',
  sampler:
    'The way from noise to the picture. Ancestral, SDE and DDPM add fresh noise at every step; the student is a second, faster painter.',
  strength: 'How much of what the change reaches is painted anew. 10 % to 100 %.',
} as const;

export type SettingName = keyof typeof settingNotes;
