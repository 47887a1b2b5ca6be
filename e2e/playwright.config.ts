/** Real Chromium against the production build, as users get it: `npm run test:e2e`. */
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { canSandbox, findChromium } from './app/chromium.ts';

const PORT = 4717;
const project = join(import.meta.dirname, '..');

// This file is read again by every worker: what it finds is handed on.
process.env.CHROME_PATH ??= findChromium();
const executablePath = process.env.CHROME_PATH;
if (!executablePath)
  throw new Error('There is no Chrome or Chromium here: npx tsx e2e/commands/ensure-chromium.ts gets one.');
process.env.SGRAFFITO_SANDBOX ??= canSandbox(executablePath) ? 'yes' : 'no';

const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];
const webgpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];

const launch = (args: readonly string[]) => ({
  executablePath,
  chromiumSandbox: process.env.SGRAFFITO_SANDBOX === 'yes',
  args: [...quiet, ...args],
});

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  // Painting takes every core there is: two specs at once would only wait for each other.
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: '../.cache/test/e2e.json' }]],
  use: {
    baseURL: `http://localhost:${PORT}/`,
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    acceptDownloads: true,
    // A service worker would hide the network from the specs that make it fail; reliability/ allows it where it is the subject.
    serviceWorkers: 'block',
    // Its film would cost as much time as the painting, and the 38 MB that it keeps of each spec an eighth: nobody opens CI's.
    trace: { mode: process.env.CI ? 'off' : 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'wasm', testIgnore: /webgpu\.spec\.ts/, use: { launchOptions: launch([]) } },
    { name: 'webgpu', testMatch: /webgpu\.spec\.ts/, use: { launchOptions: launch(webgpu) } },
  ],
  webServer: {
    command: `npx vite build --logLevel warn && npx vite preview --port ${PORT} --strictPort`,
    cwd: project,
    url: `http://localhost:${PORT}/`,
    timeout: 180_000,
    stdout: 'ignore',
    stderr: 'pipe',
  },
});
