/** Codes for the entries of a list: points on a sphere, far apart, so that noise does not turn one into another. */
import { seededRandom } from '#graph/random.ts';

const CANDIDATES = 400;
const made = new Map<string, Float32Array>();

/**
 * (count, width) of unit power per number. Each code is, of 400 random ones, the one that is furthest from its nearest neighbour so far
 * (Mitchell's best candidate): 137 codes of 12 numbers come no closer than 55°. Same count and width, same codes, made once.
 */
export function spreadCodes(count: number, width: number): Float32Array {
  const key = `${count}/${width}`;
  const known = made.get(key);
  if (known) return known;
  const random = seededRandom(count * 1000 + width);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const point = () => {
    const raw = Array.from({ length: width }, normal);
    const length = Math.sqrt(raw.reduce((sum, x) => sum + x * x, 0) / width);
    return raw.map((x) => x / length);
  };
  const chosen: number[][] = [point()];
  while (chosen.length < count) {
    let [best, furthest] = [point(), Number.NEGATIVE_INFINITY];
    for (let i = 0; i < CANDIDATES; i++) {
      const candidate = point();
      const nearest = Math.max(...chosen.map((one) => one.reduce((sum, x, at) => sum + x * candidate[at]!, 0)));
      if (-nearest > furthest) [best, furthest] = [candidate, -nearest];
    }
    chosen.push(best);
  }
  const codes = Float32Array.from(chosen.flat());
  made.set(key, codes);
  return codes;
}
