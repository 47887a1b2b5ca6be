import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { manifestSchema } from '#engine/contract/manifest.ts';
import { readPngRecipe } from '#engine/contract/png-recipe.ts';
import { examples } from './examples.ts';
import { formatStartPicture, isPaintedBy, parseStartPicture, resultOf } from './start-picture.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url));

const start = parseStartPicture(JSON.parse(read('./start/picture.json').toString('utf8')));
const builtIn = v.parse(
  v.pick(manifestSchema, ['name', 'files']),
  JSON.parse(read('../../../public/models/picturebook/manifest.json').toString('utf8')),
);

it('is what the built-in package paints of the graph that greets a newcomer: else run `npm run thumbnails`', () => {
  expect(isPaintedBy(start, builtIn)).toBe(true);
  const recipe = readPngRecipe(read('./start/picture.png'));
  expect(recipe).toEqual({ model: start.model, graph: examples[0]!.graph, settings: start.settings });
});

it('is no picture of a package that differs in one network', () => {
  for (const file of ['graph-encoder.onnx', 'denoiser.onnx', 'decoder.onnx', 'verifier.onnx']) {
    const files = { ...builtIn.files, [file]: { bytes: 1, sha256: '0'.repeat(64) } };
    expect(isPaintedBy(start, { ...builtIn, files }), file).toBe(false);
  }
  expect(isPaintedBy(start, { name: 'picturebook' })).toBe(false);
  expect(isPaintedBy(start, { ...builtIn, name: 'other' })).toBe(false);
});

it('has a mark and a map for every object and relation, and comes back from its text', () => {
  const { objects, relations } = examples[0]!.graph;
  const ids = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id).sort();
  expect(Object.keys(start.verification.objects).sort()).toEqual(ids(objects));
  expect(Object.keys(start.verification.relations).sort()).toEqual(ids(relations));
  expect(Object.keys(start.attention.objects).sort()).toEqual(ids(objects));
  const result = resultOf(start, { width: 1, height: 1, pixels: new Uint8ClampedArray(4) });
  expect(parseStartPicture(JSON.parse(formatStartPicture({ ...start, result }, builtIn.files)))).toEqual(start);
});
