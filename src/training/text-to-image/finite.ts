/** Weights that are damaged in one place spoil every number after it. */
import { oddNumber } from '#training/files/odd-number.ts';
import { BaseModelError } from './input-error.ts';

/** The numbers themselves. @throws BaseModelError naming the file that gave them, when one is not finite or larger than any network's */
export function finite(numbers: Float32Array, file: string): Float32Array {
  const odd = oddNumber(numbers);
  if (odd === undefined) return numbers;
  throw new BaseModelError(`${file} gives ${odd}: its weights are damaged. Fetch or export it anew`);
}
