/**
 * Pictures and shared links, changed at random: their recipe is read, or refused with an error of ours.
 * The long form: SGRAFFITO_FUZZ=100000 npx vitest run src/editor/files/fuzz.test.ts
 */
import fc from 'fast-check';
import { deflateSync, strToU8 } from 'fflate';
import { expect, it } from 'vitest';
import { readPngRecipe } from '#engine/contract/png-recipe.ts';
import { formatRecipe, type Recipe, RecipeError } from '#engine/contract/recipe.ts';
import { GraphFormatError } from '#graph/files/checks/graph-format-error.ts';
import { addPngText } from '#graph/files/png/png-text.ts';
import { meadow } from '#graph/scene-graph.fixture.ts';
import { encodePng } from './png.ts';
import { readShareLink, shareLink } from './share-link.ts';
import { SHARE_PREFIX } from './share-prefix.ts';

const RUNS = Number(process.env.SGRAFFITO_FUZZ ?? 300);
const SEED = 20_402;
/** Milliseconds of processor time of one picture or link. */
const MOST_TIME = 2_000;

const recipe: Recipe = {
  model: 'picturebook',
  graph: meadow,
  settings: { seed: 7, steps: 12, guidanceScale: 3, sampler: 'euler', style: 'noto' },
  keep: { latent: new Float32Array(8), strength: 0.5, before: [], objects: ['o1'] },
};
const picture = { width: 2, height: 2, pixels: new Uint8ClampedArray(16).fill(200) };
const bare = encodePng(picture, recipe);
const link = shareLink(recipe, 'https://example.org/');

const edits = fc.array(fc.tuple(fc.nat(1_500), fc.uint8Array({ maxLength: 4 })), { maxLength: 5 });
const odd = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom<unknown>(null, -1, 1e300, 'x'.repeat(300), [], {}));

/** The text of a recipe with some of its fields replaced. */
const texts = fc
  .tuple(fc.constantFrom('graph', 'settings', 'keep', 'model', 'format', 'version'), fc.nat(8), odd)
  .map(([field, at, value]) => {
    const written = JSON.parse(formatRecipe(recipe)) as Record<string, unknown>;
    const part = written[field];
    const keys = typeof part === 'object' && part !== null ? Object.keys(part) : [];
    const key = keys[at];
    written[field] = key === undefined ? value : { ...(part as object), [key]: value };
    return JSON.stringify(written).replace(/[^\0-\x7e]/g, '?');
  });

function edited(bytes: Uint8Array, changes: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (const [at, part] of changes) if (at + part.length <= copy.length) copy.set(part, at);
  return copy;
}

function expectOurs(read: () => Recipe): void {
  const start = process.cpuUsage();
  try {
    expect(read().graph.format).toBe(meadow.format);
  } catch (error) {
    if (!(error instanceof RecipeError || error instanceof GraphFormatError)) throw error;
    expect(error.message.length).toBeLessThan(2_000);
  }
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(MOST_TIME);
}

const patience = { timeout: 60_000 + RUNS * 50 };

it(`${RUNS} changed pictures`, patience, () => {
  // The first text under the keyword is the one that is read.
  const pictures = fc.oneof(
    fc.tuple(fc.constant(bare), edits, fc.nat(3_000)),
    fc.tuple(
      texts.map((text) => addPngText(bare, 'sgraffito', text)),
      fc.constant([]),
      fc.constant(3_000),
    ),
  );
  fc.assert(
    fc.property(pictures, ([bytes, changes, cut]) => {
      expectOurs(() => readPngRecipe(edited(bytes, changes).subarray(0, cut < 1_500 ? cut : undefined)));
    }),
    { seed: SEED, numRuns: RUNS },
  );
});

it(`${RUNS} changed links`, patience, () => {
  const hash = new URL(link).hash;
  const packed = texts.map(
    (text) => SHARE_PREFIX + Buffer.from(deflateSync(strToU8(text), { level: 1 })).toString('base64url'),
  );
  const cuts = fc.tuple(fc.nat(hash.length), fc.string({ maxLength: 6 }), fc.nat(hash.length));
  const links = fc.oneof(
    packed,
    cuts.map(([at, noise, from]) => hash.slice(0, at) + noise + hash.slice(from)),
  );
  fc.assert(
    fc.property(links, (each) => expectOurs(() => readShareLink(each))),
    { seed: SEED, numRuns: RUNS },
  );
});
