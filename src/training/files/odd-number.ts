/** The largest that a weight can be: products of larger ones leave float32, which ends at 3.4e38. No network comes near it. */
const LARGEST = 1e18;

/** The first number that is not finite or that no network can hold. */
export function oddNumber(numbers: Float32Array): number | undefined {
  for (let i = 0; i < numbers.length; i++) if (!(Math.abs(numbers[i]!) <= LARGEST)) return numbers[i];
  return undefined;
}
