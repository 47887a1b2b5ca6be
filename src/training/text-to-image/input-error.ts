/** What a user can mend: the package cannot be trained on, or the data do not fit it. One line. */
export class BaseModelError extends Error {
  override readonly name = 'BaseModelError';
}
