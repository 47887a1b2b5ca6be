/** What is wrong with a file that should have been a scene graph. */
export type GraphFormatFault =
  | 'not-text'
  | 'not-json'
  | 'unknown-format'
  | 'unknown-version'
  | 'invalid-value'
  | 'too-large'
  | 'duplicate-id'
  | 'unknown-object'
  | 'self-loop';

/** `message` is one clear line that starts with the path to the fault: "relations[3].object: no object has id o9". */
export class GraphFormatError extends Error {
  override readonly name = 'GraphFormatError';
  readonly code: GraphFormatFault;
  /** "" for the file as a whole. */
  readonly path: string;
  /** The values that would have been accepted, where there is a short list of them. */
  readonly allowed: readonly string[];

  constructor(code: GraphFormatFault, path: string, message: string, allowed: readonly string[] = []) {
    super(path === '' ? message : `${path}: ${message}`);
    this.code = code;
    this.path = path;
    this.allowed = allowed;
  }
}
