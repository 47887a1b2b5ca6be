/** What keeps jobs from being done, as one line for the user. */
export class JobsError extends Error {
  override readonly name = 'JobsError';
}
