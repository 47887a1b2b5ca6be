import { beforeEach, expect, test, vi } from 'vitest';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import { useSettings } from './settings-store.ts';

// Node has none, and the store looks for it when it is made.
vi.hoisted(() => vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => {}, removeItem: () => {} }));

const fresh = useSettings.getState();
beforeEach(() => useSettings.setState(fresh, true));

const defaults = { steps: 16, guidanceScale: 2, relationFactor: 2, sampler: 'dpmpp-2m-sde', style: 'noto' } as const;
const model = (name: string, defaults: Partial<ModelFacts['defaults']>) =>
  ({ name, styles: ['noto'], defaults }) as ModelFacts;

test('another model brings its own defaults and leaves nothing of the one before but the seed', () => {
  const { adopt, change } = useSettings.getState();
  adopt(model('picturebook', defaults));
  expect(useSettings.getState().settings).toEqual({ seed: fresh.settings.seed, ...defaults });
  change({ seed: 9, relationFactor: 5 });
  const { relationFactor: _, ...words } = { ...defaults, steps: 25, style: 'any' };
  adopt(model('stable-diffusion', words));
  expect(useSettings.getState().settings).toEqual({ seed: 9, ...words });
});

test('a student that the model no longer has makes room for its sampler', () => {
  const { adopt, change } = useSettings.getState();
  const taught = {
    ...model('picturebook', defaults),
    kind: 'picturebook' as const,
    student: { sigmas: [80, 3] },
  };
  adopt(taught);
  change({ sampler: 'student', steps: 9 });
  adopt(taught);
  expect(useSettings.getState().settings).toMatchObject({ sampler: 'student', steps: 9 });
  adopt(model('picturebook', defaults));
  expect(useSettings.getState().settings).toMatchObject({ sampler: defaults.sampler, steps: 9 });
});

test('the same model keeps what the user chose', () => {
  const { adopt, change } = useSettings.getState();
  adopt(model('picturebook', defaults));
  change({ steps: 40, relationFactor: 3 });
  adopt(model('picturebook', defaults));
  expect(useSettings.getState().settings).toMatchObject({ steps: 40, relationFactor: 3 });
});
