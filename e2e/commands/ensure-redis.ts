/** Before the unit tests: makes sure that there is a Redis for those of work on several machines, where a package can be had. */
import { installPackages, run } from './system-packages.ts';

const isThere = () => run('redis-server', ['--version'], 'ignore');

function say(line: string): void {
  process.stdout.write(`ensure-redis: ${line}\n`);
}

// On a machine that a person tests on, its absence leaves two tests out; where everything counts, it fails them.
if (!isThere()) {
  const names = ['redis'];
  installPackages(
    { 'apt-get': ['redis-server'], dnf: names, apk: names, pacman: names, zypper: names, brew: names },
    say,
  );
  if (!isThere()) say('no Redis could be had: the tests of workers are left out. Install redis-server to run them.');
}
