import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parsePythonJson } from './python-json.ts';

it('reads what Python writes for numbers that are not finite as null, and leaves texts alone', () => {
  const text = '{"a": -Infinity, "b": [NaN, Infinity], "NaN": "-Infinity, \\"NaN\\" and NaN"}';
  expect(parsePythonJson(text)).toEqual({ a: null, b: [null, null], NaN: '-Infinity, "NaN" and NaN' });
});

it('reads every JSON as JSON.parse does, and refuses what is none', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parsePythonJson(text)).toEqual(JSON.parse(text));
    }),
  );
  for (const text of ['', '{', 'NaNa', '{"a": Infinite}', 'nan'])
    expect(() => parsePythonJson(text)).toThrow(SyntaxError);
});
