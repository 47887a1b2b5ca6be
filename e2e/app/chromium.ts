/** Where a Chromium is on this machine, and how it must be started. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * The browser named by CHROME_PATH, else Playwright's own, else one of the system.
 * @throws Error when CHROME_PATH names a browser that does not start
 */
export function findChromium(): string | undefined {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (starts(named)) return named;
    throw new Error(`CHROME_PATH is ${named}, and that does not start.`);
  }
  const onPath = (process.env.PATH ?? '').split(delimiter);
  const candidates = [
    chromium.executablePath(),
    ...commands.flatMap((name) => onPath.map((folder) => join(folder, name))),
    ...places,
  ];
  return candidates.find((file) => existsSync(file) && starts(file));
}

/** Chrome's sandbox cannot run as root, nor in containers that forbid user namespaces. */
export function canSandbox(executable: string): boolean {
  if (process.platform !== 'linux') return true;
  if (process.getuid?.() === 0) return false;
  return spawnSync(executable, ['--headless', '--dump-dom', 'about:blank'], { timeout: 60_000 }).status === 0;
}

/** A file of that name may be a stub of another packager, or lack its libraries. Windows' Chrome answers with a window. */
function starts(executable: string): boolean {
  if (process.platform === 'win32') return true;
  return spawnSync(executable, ['--version'], { timeout: 60_000 }).status === 0;
}
