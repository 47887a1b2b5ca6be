/** Whatever was thrown, as what the user is told. */
import { NonFiniteError } from '#diffusion/sampling/non-finite.ts';
import { TokenError } from '#diffusion/tokens.ts';
import { EngineError, type EngineFault } from './engine-error.ts';

/** ONNX Runtime's, WebAssembly's and the graphics device's own words, the more particular first, and what they mean to a user. */
const meanings: readonly (readonly [RegExp, EngineFault['code'], (found: RegExpMatchArray) => string])[] = [
  [
    /(?:could not find an implementation|failed to find kernel) for ([\w.]+)/i,
    'model-unsupported',
    ([, operator]) =>
      `ONNX Runtime has no kernel here for the model’s operator ${operator}. Take an export that was not fused for another device, or another model.`,
  ],
  [
    /(?:invalid dimensions|invalid rank|unexpected input data type)(?:.*for input:? "?([\w.]+))?/i,
    'model-unsupported',
    ([, input]) =>
      `The model takes its input${input ? ` “${input}”` : ''} in another form than it is given. Export it anew with sizes that may vary.`,
  ],
  [
    /device (?:was |is )?(?:lost|destroyed)|instance dropped|external Instance reference/i,
    'internal',
    () => 'The graphics device was lost, by a driver that was restarted or a computer that slept. Paint again.',
  ],
  [
    /out of memory|allocation failed|bad_alloc|failed to allocate|could not allocate|access out of bounds|unreachable|^aborted|^\d+$/i,
    'out-of-memory',
    () => 'There is not enough memory to run the model. Close other tabs and programs, or take a smaller model.',
  ],
  [
    /ir version|opset|protobuf|deserialize|load model|modelproto|external data/i,
    'model-damaged',
    () =>
      'ONNX Runtime cannot read the model’s files: they are damaged, or of a newer format. Fetch or export them anew.',
  ],
];

const UNFORESEEN = 'The model could not be run, for a reason that is not foreseen. The browser’s console has it.';

/** Characters for the console. */
const MAX_DETAILS = 2000;

export function faultOf(error: unknown): EngineFault {
  if (error instanceof EngineError) {
    const cause = deepestCause(error);
    return {
      ...{ code: error.code, message: error.message },
      ...(cause !== error && { details: wordsOf(cause).slice(0, MAX_DETAILS) }),
    };
  }
  if (error instanceof NonFiniteError) {
    return { code: 'non-finite', message: `The picture could not be computed: ${error.message}.` };
  }
  if (error instanceof TokenError) return { code: 'graph-invalid', message: error.message };
  const said = wordsOf(error);
  const details = said.slice(0, MAX_DETAILS);
  for (const [pattern, code, meaning] of meanings) {
    const found = said.match(pattern);
    if (found) return { code, message: meaning(found), details };
  }
  return { code: 'internal', message: UNFORESEEN, details };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const deepestCause = (error: unknown): unknown =>
  error instanceof Error && error.cause !== undefined ? deepestCause(error.cause) : error;
