/** Bad input of a command line: exit code 2 and its message alone on standard error. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
