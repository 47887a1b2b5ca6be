import * as v from 'valibot';
import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import type { Recipe } from '#editor/history/picture-record.ts';
import { type GenerationSettings, settingsSchema } from '#engine/contract/generation-settings.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';

interface SettingsState {
  settings: GenerationSettings;
  /** Name of the model whose defaults were taken last; another model brings its own defaults. */
  defaultsOf: string | null;
  /** What made the picture that was restored last; it holds as long as graph, settings and model are those in it. */
  recalled: Recipe | null;
  change(change: Partial<GenerationSettings>): void;
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
      defaultsOf: null,
      recalled: null,
      change: (change) => set(({ settings }) => ({ settings: { ...settings, ...change } })),
      adopt: (manifest) =>
        set(({ settings, defaultsOf }) => {
          const style = [...manifest.styles, 'any'].includes(settings.style) ? settings.style : manifest.defaults.style;
          if (defaultsOf === manifest.name) return { settings: { ...settings, style } };
          return { defaultsOf: manifest.name, settings: { seed: settings.seed, ...manifest.defaults } };
        }),
      recall: (recalled) => set({ recalled, settings: recalled.settings }),
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
