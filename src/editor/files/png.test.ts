import fc from 'fast-check';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { readPngRecipe } from '#engine/contract/png-recipe.ts';
import type { Picture } from '#engine/contract/protocol.ts';
import type { Recipe } from '#engine/contract/recipe.ts';
import { formatRecipe, parseRecipe } from '#engine/contract/recipe.ts';
import { EMPTY_SCENE_GRAPH } from '#graph/scene-graph.ts';
import { encodePng } from './png.ts';

const recipe: Recipe = {
  model: 'picturebook',
  graph: {
    ...EMPTY_SCENE_GRAPH,
    objects: [{ id: 'o1', label: 'crème brûlée 🐑', attributes: ['white'], position: { x: 1, y: -2 } }],
  },
  settings: { seed: 4_294_967_295, steps: 12, guidanceScale: 3.5, sampler: 'dpmpp-2m', style: 'noto' },
};

function picture(): Picture {
  const pixels = new Uint8ClampedArray(8 * 4 * 4);
  for (let i = 0; i < pixels.length; i++) pixels[i] = i % 4 === 3 ? 255 : (i * 37) % 256;
  return { width: 8, height: 4, pixels };
}

describe('encodePng', () => {
  it('keeps every pixel and gives the recipe back, beyond ASCII too', () => {
    const bytes = encodePng(picture(), recipe);
    const image = decode(bytes);
    expect([image.width, image.height]).toEqual([8, 4]);
    expect([...image.data]).toEqual([...picture().pixels]);
    expect(readPngRecipe(bytes)).toEqual(recipe);
  });

  it('carries what a picture kept of one before it, to the bit', () => {
    const numbers = fc.float32Array({ noNaN: true, noDefaultInfinity: true, maxLength: 40 });
    const keeps = fc.record({
      latent: numbers,
      strength: fc.double({ min: 0, max: 1, noNaN: true }),
      before: fc.array(numbers, { maxLength: 3 }),
      objects: fc.array(fc.string(), { maxLength: 3 }),
    });
    const tried = fc.record(
      { keepsWhole: fc.constant(true), fixed: numbers, further: fc.integer({ min: 1, max: 4 }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(keeps, tried, (keep, more) => {
        const kept = { ...recipe, keep: { ...keep, ...more, latent: new Float32Array(keep.latent) } };
        // What the order was to lose nothing of, the picture that came of it has no use for.
        const ordered = { ...kept, keep: { ...kept.keep, others: { o1: new Float32Array(3) } } };
        expect(readPngRecipe(encodePng(picture(), ordered))).toEqual(kept);
      }),
    );
  });

  it('carries what painted over the picture, and refuses a strength that cannot be', () => {
    const over = { model: 'someone-tiny-sd', settings: { ...recipe.settings, steps: 25 }, strength: 0.6 };
    expect(readPngRecipe(encodePng(picture(), { ...recipe, over }))).toEqual({ ...recipe, over });
    const none = encodePng(picture(), { ...recipe, over: { ...over, strength: 0 } });
    expect(() => readPngRecipe(none)).toThrow('(over.strength): must be a number above 0');
  });

  it('writes the same bytes for the same picture', () => {
    expect(encodePng(picture(), recipe)).toEqual(encodePng(picture(), recipe));
  });
});

describe('readPngRecipe', () => {
  it('says when there is no recipe, and when the file is damaged', () => {
    const bytes = encodePng(picture(), recipe);
    const damaged = bytes.slice();
    damaged[40] = (damaged[40] ?? 0) ^ 0xff;
    expect(() => readPngRecipe(damaged)).toThrow(/cannot be read/);
    expect(() => readPngRecipe(new Uint8Array([1, 2, 3]))).toThrow(/cannot be read/);
  });
});

describe('parseRecipe', () => {
  const change = (edit: (value: Record<string, unknown>) => void) => {
    const value = JSON.parse(formatRecipe(recipe)) as Record<string, unknown>;
    edit(value);
    return () => parseRecipe(JSON.stringify(value));
  };

  it('refuses what is not a recipe, with the path to the fault', () => {
    expect(() => parseRecipe('{')).toThrow(/not JSON/);
    expect(change((value) => (value.version = 2))).toThrow(/version/);
    expect(change((value) => (value.settings = { ...recipe.settings, seed: -1 }))).toThrow(/settings\.seed/);
    expect(change((value) => (value.settings = { ...recipe.settings, steps: 1e9 }))).toThrow(/settings\.steps/);
    const keep = { latent: 'AACAPw==', strength: 0.5, before: [], objects: [] };
    expect(change((value) => (value.keep = keep))).not.toThrow();
    expect(change((value) => (value.keep = { ...keep, latent: 'AACAPwA=' }))).toThrow(/keep\.latent.*32-bit/);
    expect(change((value) => (value.keep = { ...keep, latent: 'AACAfw==' }))).toThrow(/keep\.latent.*finite/);
    expect(change((value) => (value.keep = { ...keep, before: ['no'] }))).toThrow(/keep\.before\.0/);
    expect(change((value) => (value.graph = { ...recipe.graph, objects: 'none' }))).toThrow(/graph\.objects/);
  });
});
