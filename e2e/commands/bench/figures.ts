/** What a measurement says, and how it is written. */

export interface Figure {
  readonly name: string;
  /** Median over the rounds. */
  readonly value: number;
  readonly unit: string;
  /** Lowest and highest of the rounds; absent where there is one value. */
  readonly low?: number;
  readonly high?: number;
  readonly rounds?: number;
  /** Share of the MatMul rate of the same run, where it is one. */
  readonly ofMatMul?: number;
}

/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  /** Small sizes and one round: shows that everything runs, and measures little. */
  readonly isQuick: boolean;
}

/** @throws RangeError without values */
export function median(values: readonly number[]): number {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new RangeError('there is no median of no values');
  return middle;
}

export const figure = (name: string, unit: string, values: readonly number[]): Figure => ({
  name,
  unit,
  value: median(values),
  ...(values.length > 1 && { low: Math.min(...values), high: Math.max(...values), rounds: values.length }),
});

/** Seconds of each round, after one that is not counted. */
export async function secondsOf(rounds: number, action: () => Promise<unknown> | unknown): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    await action();
    if (round > 0) times.push((performance.now() - start) / 1000);
  }
  return times;
}

/** One line of the table. */
export function lineOf({ name, value, unit, low, high, ofMatMul }: Figure): string {
  const number = (each: number) => each.toFixed(Math.abs(each) < 10 ? 2 : 1);
  const spread = low === undefined || high === undefined ? '' : `  ${number(low)}–${number(high)}`;
  const share = ofMatMul === undefined ? '' : `  (${(100 * ofMatMul).toFixed(0)} % of MatMul)`;
  return `${name.padEnd(52)} ${number(value).padStart(9)} ${unit.padEnd(8)}${spread}${share}`;
}
