import { Dices, Lock, Sparkles, Star, X, Zap } from 'lucide-react';
import { cancelGeneration, generate } from '#editor/state/engine.ts';
import { useEngine } from '#editor/state/engine-store.ts';
import { type CompareMode, findPicture, usePictures } from '#editor/state/pictures-store.ts';
import { usePreferences } from '#editor/state/preferences-store.ts';
import { drawSeed, useSettings } from '#editor/state/settings-store.ts';
import type { Action } from './action.ts';

const pictures = () => usePictures.getState();
const preferences = () => usePreferences.getState();
const isRunning = () => useEngine.getState().run.type === 'running';

const compare = (mode: CompareMode, label: string): Action => ({
  id: `compare-${mode}`,
  label,
  group: 'picture',
  checked: () => pictures().mode === mode,
  enabled: () => mode === 'single' || findPicture(pictures().beforeId) !== null,
  run: () => pictures().setMode(mode),
});

export const pictureActions: readonly Action[] = [
  {
    id: 'generate',
    label: 'Generate',
    group: 'picture',
    icon: Sparkles,
    shortcuts: ['Mod+Enter'],
    inTextField: true,
    enabled: () => !isRunning(),
    run: () => generate(),
  },
  {
    id: 'cancel',
    label: 'Cancel generation',
    group: 'picture',
    icon: X,
    shortcuts: ['Mod+.'],
    inTextField: true,
    enabled: isRunning,
    run: cancelGeneration,
  },
  {
    id: 'dice',
    label: 'New seed',
    group: 'picture',
    icon: Dices,
    shortcuts: ['D'],
    run: () => useSettings.getState().change({ seed: drawSeed() }),
  },
  {
    id: 'seed-lock',
    label: 'Keep the seed',
    group: 'picture',
    icon: Lock,
    checked: () => preferences().seedLocked,
    run: () => preferences().set({ seedLocked: !preferences().seedLocked }),
  },
  {
    id: 'live',
    label: 'Live: regenerate on every change',
    group: 'picture',
    icon: Zap,
    checked: () => preferences().live,
    run: () => preferences().set({ live: !preferences().live }),
  },
  {
    id: 'star',
    label: 'Star this picture',
    group: 'picture',
    icon: Star,
    checked: () => findPicture(pictures().currentId)?.starred ?? false,
    enabled: () => pictures().currentId !== null,
    run: () => {
      const { currentId, star } = pictures();
      if (currentId !== null) star(currentId);
    },
  },
  compare('single', 'Show one picture'),
  compare('side', 'Compare side by side'),
  compare('slider', 'Compare with a slider'),
  compare('difference', 'Show the difference'),
];
