/** What went wrong in the engine, as a sentence for the user. */

/** `message` is a sentence for the user, `code` is for programs. */
export interface EngineFault {
  readonly code:
    | 'model-not-found'
    | 'model-damaged'
    | 'server-failed'
    | 'model-unsupported'
    | 'graph-invalid'
    | 'settings-invalid'
    | 'out-of-memory'
    | 'non-finite'
    | 'worker-died'
    | 'internal';
  readonly message: string;
  /** What a runtime said of it in its own words, for the console. */
  readonly details?: string;
}

export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineFault['code'];

  constructor(code: EngineFault['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
