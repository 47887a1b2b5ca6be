import { expect, it } from 'vitest';
import { EngineError } from '#engine/contract/engine-error.ts';
import { isBadInput } from './bad-input.ts';
import { InputError } from './input-error.ts';

it('is what the user can mend, not what failed in the work', () => {
  const given = ['graph-invalid', 'settings-invalid', 'model-not-found', 'model-damaged', 'model-unsupported'] as const;
  const failed = ['server-failed', 'out-of-memory', 'non-finite', 'worker-died', 'internal'] as const;
  const isBad = (code: EngineError['code']) => isBadInput(new EngineError(code, 'It failed.'), [InputError]);
  expect([given.map(isBad), failed.map(isBad)]).toEqual([Array(5).fill(true), Array(5).fill(false)]);
  const others = [new InputError('--graph is missing'), new RangeError('too far'), 'thrown'];
  expect(others.map((error) => isBadInput(error, [InputError]))).toEqual([true, false, false]);
});
