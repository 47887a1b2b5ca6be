/** `npm run screenshots`: the README's pictures, made from the real app. */
import { defineConfig } from '@playwright/test';
import config from './playwright.config.ts';

const [wasm] = config.projects ?? [];

export default defineConfig({
  ...config,
  outputDir: '../.cache/screenshots',
  timeout: 1_800_000,
  reporter: 'list',
  projects: [{ ...wasm, testIgnore: [], testMatch: /screenshots\.ts/ }],
});
