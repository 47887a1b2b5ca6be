/** Made by vite.config.ts of the built-in package's manifest. */
declare module 'virtual:built-in-model' {
  import type { ModelFacts } from '#engine/contract/manifest.ts';

  /** Null where there is no such package. */
  export const builtIn: Pick<ModelFacts, 'name' | 'kind' | 'styles' | 'vocabulary' | 'kinds' | 'files'> | null;
}
