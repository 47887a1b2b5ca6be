import * as v from 'valibot';
import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import { useInterface } from '#editor/interface/interface-store.ts';
import { type GenerationSettings, settingsSchema } from '#engine/contract/generation-settings.ts';
import { type ModelFacts, samplersOf } from '#engine/contract/manifest.ts';
import type { Recipe } from '#engine/contract/recipe.ts';

export type NumberSetting = 'seed' | 'steps' | 'guidanceScale' | 'relationFactor';

interface SettingsState {
  settings: GenerationSettings;
  /** What stands in a field and cannot be: as long as one does, nothing is painted. */
  wrong: Readonly<Partial<Record<NumberSetting, string>>>;
  /** Name of the model whose defaults were taken last; another model brings its own defaults. */
  defaultsOf: string | null;
  /** What made the picture that was restored last; it holds as long as graph, settings and model are those in it. */
  recalled: Recipe | null;
  change(change: Partial<GenerationSettings>): void;
  /** @param text undefined takes the mistake back */
  mistype(setting: NumberSetting, text: string | undefined): void;
  adopt(manifest: ModelFacts): void;
  /** Settings as they were when a picture was made. */
  recall(recipe: Recipe): void;
}

/** A seed nobody chose. The only draw of chance on the screen; what follows from it is exact. */
export function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! % 1_000_000;
}

export const useSettings = create<SettingsState>()(
  persist(
    (set) => ({
      settings: { seed: 7, steps: 20, guidanceScale: 3, sampler: 'dpmpp-2m', style: 'any' },
      wrong: {},
      defaultsOf: null,
      recalled: null,
      change: (change) =>
        set(({ settings, wrong }) => ({ settings: { ...settings, ...change }, wrong: without(wrong, change) })),
      mistype: (setting, text) =>
        set(({ wrong }) => ({
          wrong: text === undefined ? without(wrong, { [setting]: 0 }) : { ...wrong, [setting]: text },
        })),
      adopt: (manifest) =>
        set(({ settings, defaultsOf }) => {
          const style = [...manifest.styles, 'any'].includes(settings.style) ? settings.style : manifest.defaults.style;
          const sampler = samplersOf(manifest).includes(settings.sampler)
            ? settings.sampler
            : manifest.defaults.sampler;
          if (defaultsOf === manifest.name) return { settings: { ...settings, style, sampler } };
          return { defaultsOf: manifest.name, settings: { seed: settings.seed, ...manifest.defaults }, wrong: {} };
        }),
      recall: (recalled) => set({ recalled, settings: recalled.settings, wrong: {} }),
    }),
    {
      name: 'sgraffito/settings',
      version: 1,
      storage: createJSONStorage(() => localStorage),
      partialize: ({ settings, defaultsOf }) => ({ settings, defaultsOf }),
      // What was stored may come from another version or a curious hand: anything off falls back to the defaults.
      merge: (stored, fresh) => {
        const parsed = v.safeParse(v.object({ settings: settingsSchema, defaultsOf: v.nullable(v.string()) }), stored);
        return parsed.success ? { ...fresh, ...parsed.output } : fresh;
      },
    },
  ),
);

function without(wrong: SettingsState['wrong'], set: Partial<Record<NumberSetting, unknown>>): SettingsState['wrong'] {
  return Object.fromEntries(Object.entries(wrong).filter(([setting]) => !Object.hasOwn(set, setting)));
}

/** Whether what Generate paints again takes a second model: that one can be opened without a picture on screen. */
export const isOverRecalled = ({ recalled }: Pick<SettingsState, 'recalled'>): boolean => recalled?.over !== undefined;

/** The settings; nothing while a field holds a number that cannot be: the field says why, and the hand is led there. */
export function settingsToPaint(): GenerationSettings | null {
  const { settings, wrong } = useSettings.getState();
  if (Object.keys(wrong).length === 0) return settings;
  useInterface.getState().showSide('picture');
  // What was hidden takes the focus when it is shown.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.settings [aria-invalid="true"]')?.focus());
  return null;
}
