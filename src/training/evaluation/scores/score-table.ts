/** Scores as lines of text for the terminal. */
import type { Score } from './score.ts';

const HEAD = ['score', 'value', '95 % interval', 'ceiling', 'floor', 'n'] as const;

/** One line per score, columns aligned; a score without a value says why. */
export function scoreTable(rows: readonly (readonly [name: string, score: Score])[]): string {
  const cells = rows.map(([name, { value, interval, ceiling, floor, n, unit, reason }]) =>
    value === null
      ? [name, '–', reason ?? 'not measured']
      : [
          name,
          digits(value),
          interval === null ? '–' : `${digits(interval[0])} – ${digits(interval[1])}`,
          digits(ceiling),
          digits(floor),
          `${n} ${unit}`,
        ],
  );
  const table = [[...HEAD], ...cells];
  // The sentence of a score without value may run over the columns after it.
  const isWhole = (row: readonly string[]) => row.length === HEAD.length;
  const widths = HEAD.map((_, c) =>
    Math.max(...table.filter((row) => c === 0 || isWhole(row)).map((row) => row[c]!.length)),
  );
  return table
    .map((row) =>
      row
        .map((cell, c) => cell.padEnd(Math.max(c < row.length - 1 ? widths[c]! : 0, 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function digits(value: number | null): string {
  if (value === null) return '–';
  return Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}
