/** The project's commands, as a terminal runs them. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const project = join(import.meta.dirname, '../..');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run --silent NAME -- ARGS`. */
export function runCommand(
  name: 'generate' | 'evaluate' | 'train' | 'bench',
  args: readonly string[],
): Promise<Outcome> {
  // Playwright asks its own children for colours.
  const { FORCE_COLOR: _, ...environment } = process.env;
  const child = spawn('npm', ['run', '--silent', name, '--', ...args], {
    cwd: project,
    env: { ...environment, npm_config_update_notifier: 'false' },
    shell: process.platform === 'win32',
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr: withoutNpm(stderr) }));
  });
}

/** npm's own remarks on its settings are not the command's. */
function withoutNpm(text: string): string {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('npm warn'))
    .join('\n');
}
