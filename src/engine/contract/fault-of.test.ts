import { expect, it } from 'vitest';
import { EngineError } from './engine-error.ts';
import { faultOf } from './fault-of.ts';

it.each([
  [
    "Can't create a session. ERROR_CODE: 9, ERROR_MESSAGE: Could not find an implementation for NhwcConv(1) node with name 'Conv_0'",
    'model-unsupported',
    'NhwcConv',
  ],
  ['Failed to find kernel for com.microsoft.GroupNorm(1)', 'model-unsupported', 'com.microsoft.GroupNorm'],
  [
    'Got invalid dimensions for input: input_ids for the following indices\n index: 1 Got: 77',
    'model-unsupported',
    '“input_ids”',
  ],
  [
    'Unexpected input data type. Actual: (tensor(float)) , expected: (tensor(int64))',
    'model-unsupported',
    'another form',
  ],
  [
    'ERROR_CODE: 1, ERROR_MESSAGE: Deserialize tensor /down_blocks.0/a failed. Out of bounds.',
    'model-damaged',
    'files',
  ],
  ['Unsupported model IR version: 13, max supported IR version: 11', 'model-damaged', 'newer format'],
  ['Array buffer allocation failed', 'out-of-memory', 'memory'],
  ['RuntimeError: memory access out of bounds', 'out-of-memory', 'memory'],
  ['12345678', 'out-of-memory', 'memory'],
  ['A valid external Instance reference no longer exists.', 'internal', 'graphics device was lost'],
  ['non-zero status code returned while running Add node', 'internal', 'console'],
])('says what “%s” means, and not its words', (said, code, meaning) => {
  const fault = faultOf(new Error(said));
  expect(fault).toEqual({ code, message: expect.stringContaining(meaning), details: said });
  expect(fault.message).not.toContain(said);
  expect(fault.message).not.toContain('ERROR_CODE');
});

it('passes on what was written for the user', () => {
  expect(faultOf(new EngineError('settings-invalid', 'Steps …'))).toEqual({
    code: 'settings-invalid',
    message: 'Steps …',
  });
});
