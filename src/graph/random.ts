/** Seeded randomness, always passed, never global. 32-bit integer arithmetic alone, so that every engine gives the same numbers. */

export interface RandomSource {
  /** Uniform over 0 … 2³² − 1. */
  uint32(): number;
  /** Uniform in [0, 1), a multiple of 2⁻³². */
  uniform(): number;
  /** Uniform over 0 … count − 1. Its bias is below count / 2³². */
  integer(count: number): number;
}

/**
 * xoshiro128** (Blackman and Vigna 2018, "Scrambled linear pseudorandom number generators"), its state filled by splitmix32.
 * @param seed taken modulo 2³²
 */
export function seededRandom(seed: number): RandomSource {
  const fill = splitmix32(seed);
  let [a, b, c, d] = [fill(), fill(), fill(), fill()];
  const uint32 = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
  const uniform = (): number => uint32() / 2 ** 32;
  return { uint32, uniform, integer: (count) => Math.floor(uniform() * count) };
}

function splitmix32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
}

const rotateLeft = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));
