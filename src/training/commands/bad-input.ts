/** Exit codes of the command lines: 2 says that what the user gave cannot be used, 1 that the work itself failed. */
import { EngineError } from '#engine/contract/engine-error.ts';

/** Of the engine's faults; the others come of this machine, of a server or of the numbers. */
const BAD_INPUT: readonly EngineError['code'][] = [
  'graph-invalid',
  'settings-invalid',
  'model-not-found',
  'model-damaged',
  'model-unsupported',
];

/** @param kinds of errors, beside the engine's, that a command line throws for what the user gave */
export function isBadInput(error: unknown, kinds: readonly (abstract new (...args: never) => Error)[]): boolean {
  if (error instanceof EngineError) return BAD_INPUT.includes(error.code);
  return kinds.some((kind) => error instanceof kind);
}
