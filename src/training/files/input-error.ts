/** What the user gave cannot be imported or read: one line, exit code 2. */
export class ImportInputError extends Error {
  override readonly name = 'ImportInputError';
}
