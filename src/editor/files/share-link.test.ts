import fc from 'fast-check';
import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Recipe } from '#engine/contract/recipe.ts';
import { RecipeError } from '#engine/contract/recipe.ts';
import { GraphFormatError } from '#graph/files/checks/graph-format-error.ts';
import { sceneGraphs } from '#graph/scene-graph.fixture.ts';
import { EMPTY_SCENE_GRAPH } from '#graph/scene-graph.ts';
import { MAX_LINK_LENGTH, readShareLink, shareLink } from './share-link.ts';
import { SHARE_PREFIX } from './share-prefix.ts';

const page = 'https://example.org/app/?backend=wasm#canvas';
const settings = { seed: 7, steps: 16, guidanceScale: 2, sampler: 'dpmpp-2m', style: 'any' } as const;
const hashOf = (link: string) => new URL(link).hash;
const base64Url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

describe('share links', () => {
  it('bring back any graph, or say that it is too large', () => {
    fc.assert(
      fc.property(sceneGraphs, (graph) => {
        const recipe: Recipe = { model: 'picturebook', graph, settings };
        let link: string;
        try {
          link = shareLink(recipe, page);
        } catch (error) {
          expect(error).toBeInstanceOf(RecipeError);
          return;
        }
        expect(link.startsWith('https://example.org/app/?backend=wasm#recipe1=')).toBe(true);
        expect(readShareLink(hashOf(link))).toEqual(recipe);
      }),
      { numRuns: 60 },
    );
  });

  it('turn rubbish into one kind of error', () => {
    const link = hashOf(shareLink({ model: 'm', graph: EMPTY_SCENE_GRAPH, settings }, page));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), fc.nat(link.length), (noise, at) => {
        for (const hash of [noise, SHARE_PREFIX + noise, link.slice(0, at), link.slice(0, at) + noise]) {
          if (hash === link) continue;
          try {
            readShareLink(hash);
          } catch (error) {
            expect(error instanceof RecipeError || error instanceof GraphFormatError).toBe(true);
          }
        }
      }),
    );
    expect(() => readShareLink(link.slice(0, -4))).toThrow(RecipeError);
    expect(() => readShareLink(SHARE_PREFIX)).toThrow(RecipeError);
  });

  it('refuse what would unpack to more than any graph', () => {
    const bomb = SHARE_PREFIX + base64Url(deflateSync(new Uint8Array(3_000_000), { level: 9 }));
    expect(bomb.length).toBeLessThan(MAX_LINK_LENGTH);
    expect(() => readShareLink(bomb)).toThrow(/more than any graph/);
  });

  it('refuse a graph that no link can carry', () => {
    const objects = Array.from({ length: 900 }, (_, i) => ({
      id: `o${(i * 7919) % 90001}x${i}`,
      label: `thing ${(i * 104729) % 99991}`,
      attributes: [],
      position: { x: (i * 31337) % 5003, y: (i * 27644437) % 7001 },
    }));
    const graph = { ...EMPTY_SCENE_GRAPH, objects };
    expect(() => shareLink({ model: 'm', graph, settings }, page)).toThrow(/too large for a link/);
  });
});
