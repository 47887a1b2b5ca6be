/** Files that a command will write, checked before it spends hours on what goes into them. */
import { statSync } from 'node:fs';
import { InputError } from './input-error.ts';

/** @param file undefined where the option was not given @throws InputError when it names a folder */
export function checkOutputFile(option: string, file: string | undefined): void {
  if (file === undefined) return;
  if (/[/\\]$/.test(file) || statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InputError(`${option}: ${file} is a folder; name a file in it`);
  }
}
