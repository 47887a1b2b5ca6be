/** Programs that the tests need and npm does not have, from the system's package manager. */
import { spawnSync } from 'node:child_process';

export const isRoot = process.getuid?.() === 0;
export const hasSudo = !isRoot && run('sudo', ['-n', 'true'], 'ignore');

const managers = {
  // Another apt may be at work, on a machine that has just started above all.
  'apt-get': [
    ['-o', 'DPkg::Lock::Timeout=120', 'update'],
    ['-o', 'DPkg::Lock::Timeout=120', 'install', '-y', '--no-install-recommends'],
  ],
  dnf: [['install', '-y']],
  apk: [['add']],
  pacman: [['-Sy', '--noconfirm']],
  zypper: [['--non-interactive', 'install']],
  brew: [['install']],
} as const satisfies Record<string, readonly (readonly string[])[]>;

/** What each package manager is to install; one without an entry does not have it. */
export type Packages = Readonly<Partial<Record<keyof typeof managers, readonly string[]>>>;

/** Tries the first package manager that is there. @param say told what is tried and what fails */
export function installPackages(packages: Packages, say: (line: string) => void): void {
  const manager = (Object.keys(managers) as (keyof typeof managers)[]).find((name) =>
    run(name, ['--version'], 'ignore'),
  );
  const names = manager && packages[manager];
  if (!manager || !names) {
    say('No package manager is known here.');
    return;
  }
  if (!isRoot && !hasSudo && manager !== 'brew') {
    say(`${manager} needs root rights, and sudo is not open.`);
    return;
  }
  say(`Trying ${manager} …`);
  const steps: readonly (readonly string[])[] = managers[manager];
  for (const [i, step] of steps.entries()) {
    const args = i === steps.length - 1 ? [...step, ...names] : step;
    if (!runAsRoot(manager, args)) say(`“${manager} ${args.join(' ')}” failed.`);
  }
}

export function run(command: string, args: readonly string[], stdio: 'inherit' | 'ignore' = 'inherit'): boolean {
  return spawnSync(command, args, { stdio, shell: process.platform === 'win32' }).status === 0;
}

function runAsRoot(command: string, args: readonly string[]): boolean {
  if (isRoot || command === 'brew') return run(command, args);
  return hasSudo && run('sudo', ['-n', command, ...args]);
}
