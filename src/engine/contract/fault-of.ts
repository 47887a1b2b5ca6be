import { NonFiniteError } from '#diffusion/sampling/non-finite.ts';
import { TokenError } from '#diffusion/tokens.ts';
import { EngineError, type EngineFault } from './engine-error.ts';

/** Whatever was thrown, as what the user is told. */
export function faultOf(error: unknown): EngineFault {
  if (error instanceof EngineError) return { code: error.code, message: error.message };
  if (error instanceof NonFiniteError) {
    return { code: 'non-finite', message: `The picture could not be computed: ${error.message}.` };
  }
  if (error instanceof TokenError) return { code: 'graph-invalid', message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  const firstLine = message.split('\n')[0]!.slice(0, 300);
  if (/out of memory|allocation failed|bad_alloc|Array buffer allocation/i.test(message)) {
    return { code: 'out-of-memory', message: `There is not enough memory to run the model (${firstLine}).` };
  }
  return { code: 'internal', message: firstLine };
}
