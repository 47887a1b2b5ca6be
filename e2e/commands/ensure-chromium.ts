/** Before the browser specs: makes sure that there is a Chromium, by Playwright's own means or the system's packages. */
import { findChromium } from '../app/chromium.ts';
import { hasSudo, installPackages, isRoot, run } from './system-packages.ts';

/** Its libraries come along where that is allowed. */
function installPlaywrights(): void {
  say('No Chrome or Chromium is here. Trying the one that Playwright offers …');
  const withLibraries = process.platform === 'linux' && (isRoot || hasSudo) ? ['--with-deps'] : [];
  if (!run('npx', ['playwright', 'install', ...withLibraries, 'chromium'])) say('Playwright’s download failed.');
}

const installPackage = () =>
  installPackages(
    {
      'apt-get': ['chromium', 'fonts-dejavu-core'],
      dnf: ['chromium'],
      apk: ['chromium', 'ttf-dejavu'],
      pacman: ['chromium'],
      zypper: ['chromium'],
      brew: ['--cask', 'chromium'],
    },
    say,
  );

function say(line: string): void {
  process.stdout.write(`ensure-chromium: ${line}\n`);
}

try {
  for (const attempt of [installPlaywrights, installPackage]) {
    if (findChromium() === undefined) attempt();
  }
  const found = findChromium();
  say(found ? `using ${found}` : 'no browser could be had. Install Chrome or Chromium, or set CHROME_PATH to one.');
  process.exitCode = found ? 0 : 1;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
