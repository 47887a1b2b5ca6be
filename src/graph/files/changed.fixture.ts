/** Values and bytes changed at random, as files that were damaged or made up are. */
import fc from 'fast-check';

/** Stands in for a part of a value. The last one throws where it is made a text. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1, 1e308, [], {}, true, 'x'.repeat(70), '__proto__', 'constructor', '\ud800'),
  fc.constantFrom<unknown>('y'.repeat(5_000), { toString: 1, valueOf: 1 }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A value with one of its parts replaced, left out or repeated. */
function changed(value: unknown, path: readonly number[], replacement: unknown, how: number): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return replacement;
  const entries = Object.entries(value);
  const at = entries.length === 0 ? 0 : step % entries.length;
  const next = entries.flatMap(([key, part], i): [string, unknown][] => {
    if (i !== at) return [[key, part]];
    if (rest.length > 0) return [[key, changed(part, rest, replacement, how)]];
    if (how === 0) return [];
    return how === 1
      ? [
          [key, part],
          [key, part],
        ]
      : [[key, replacement]];
  });
  return Array.isArray(value) ? next.map(([, part]) => part) : Object.fromEntries(next);
}

/** One of the values with one to four of its parts changed, as the text of JSON. */
export const changedJson = (values: readonly unknown[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...values),
      fc.array(fc.tuple(fc.array(fc.nat(40), { maxLength: 6 }), odd, fc.nat(3)), { minLength: 1, maxLength: 4 }),
    )
    .map(
      ([value, edits]) =>
        JSON.stringify(edits.reduce((all, [path, part, how]) => changed(all, path, part, how), value)) ?? '',
    );

/** One of the files with some bytes overwritten, cut off in every second case. */
export const changedBytes = (files: readonly Uint8Array[]): fc.Arbitrary<Buffer> =>
  fc
    .tuple(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.nat(4_000), fc.uint8Array({ maxLength: 4 })), { maxLength: 6 }),
      fc.nat(8_000),
    )
    .map(([file, edits, cut]) => {
      const bytes = Buffer.from(file.subarray(0, cut < 4_000 ? cut : undefined));
      for (const [at, part] of edits) if (at + part.length <= bytes.length) bytes.set(part, at);
      return bytes;
    });
