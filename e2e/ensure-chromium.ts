/** Before the browser specs: makes sure that there is a Chromium, by Playwright's own means or the system's packages. */
import { spawnSync } from 'node:child_process';
import { findChromium } from './chromium.ts';

const isRoot = process.getuid?.() === 0;
const hasSudo = !isRoot && run('sudo', ['-n', 'true'], 'ignore');

/** Package managers and what they call the browser; the first that is there is used. */
const managers: readonly { readonly command: string; readonly steps: readonly (readonly string[])[] }[] = [
  {
    command: 'apt-get',
    steps: [['update'], ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core']],
  },
  { command: 'dnf', steps: [['install', '-y', 'chromium']] },
  { command: 'apk', steps: [['add', 'chromium', 'ttf-dejavu']] },
  { command: 'pacman', steps: [['-Sy', '--noconfirm', 'chromium']] },
  { command: 'zypper', steps: [['--non-interactive', 'install', 'chromium']] },
  { command: 'brew', steps: [['install', '--cask', 'chromium']] },
];

function run(command: string, args: readonly string[], stdio: 'inherit' | 'ignore' = 'inherit'): boolean {
  return spawnSync(command, args, { stdio, shell: process.platform === 'win32' }).status === 0;
}

function runAsRoot(command: string, args: readonly string[]): boolean {
  if (isRoot || command === 'brew') return run(command, args);
  return hasSudo && run('sudo', ['-n', command, ...args]);
}

/** Its libraries come along where that is allowed. */
function installPlaywrights(): void {
  say('No Chrome or Chromium is here. Trying the one that Playwright offers …');
  const withLibraries = process.platform === 'linux' && (isRoot || hasSudo) ? ['--with-deps'] : [];
  if (!run('npx', ['playwright', 'install', ...withLibraries, 'chromium'])) say('Playwright’s download failed.');
}

function installPackage(): void {
  const manager = managers.find(({ command }) => run(command, ['--version'], 'ignore'));
  if (!manager) {
    say('No package manager is known here.');
    return;
  }
  if (!isRoot && !hasSudo && manager.command !== 'brew') {
    say(`${manager.command} needs root rights, and sudo is not open.`);
    return;
  }
  say(`Trying ${manager.command} …`);
  for (const step of manager.steps) {
    if (!runAsRoot(manager.command, step)) say(`“${manager.command} ${step.join(' ')}” failed.`);
  }
}

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
