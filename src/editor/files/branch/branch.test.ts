import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pictureRecord } from '#editor/history/picture-record.fixture.ts';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { readPngRecipe } from '#engine/contract/png-recipe.ts';
import { relabelObject, relabelRelation } from '#graph/edits.ts';
import { meadow } from '#graph/scene-graph.fixture.ts';
import { texts } from '#graph/text.fixture.ts';
import { branchPage } from './branch-page.ts';
import { branchSteps, MAX_STEPS } from './branch-steps.ts';
import { encodeGif, type GifFrame } from './gif.ts';
import { gifFrames } from './gif-frames.fixture.ts';

const turned = relabelRelation(meadow, 'r2', 'left of');
const path: readonly PictureRecord[] = [
  pictureRecord({ id: 'p1', graph: meadow }),
  pictureRecord({ id: 'p2', graph: turned }),
  pictureRecord({ id: 'p3', graph: turned, settings: { ...pictureRecord().settings, seed: 2 } }),
];

describe('a branch as steps', () => {
  it('says what changed at each, and which nodes and edges', () => {
    const steps = branchSteps(path);
    expect(steps.map(({ changes }) => changes)).toEqual([
      [],
      ['tree behind white sheep → tree left of white sheep'],
      ['seed 1 → 2'],
    ]);
    expect(steps.map(({ changed }) => [...changed])).toEqual([[], ['r2'], []]);
    const renamed = pictureRecord({ graph: relabelObject(meadow, 'o1', 'horse') });
    expect([...branchSteps([path[0]!, renamed])[1]!.changed]).toEqual(['o1']);
  });

  it('keeps the end of a long branch', () => {
    const long = Array.from({ length: MAX_STEPS + 5 }, (_, i) => pictureRecord({ id: `p${i}` }));
    expect(branchSteps(long).map(({ record }) => record.id)).toEqual(long.slice(5).map(({ id }) => id));
  });
});

describe('a branch as a page', () => {
  it('holds each picture with its recipe, each graph as a drawing, and the words of each change', () => {
    const page = branchPage(branchSteps(path), { name: 'Meadow', leftOut: 2 });
    const pictures = [...page.matchAll(/src="data:image\/png;base64,([^"]+)"/g)].map(([, data]) =>
      readPngRecipe(new Uint8Array(Buffer.from(data!, 'base64'))),
    );
    expect(pictures.map(({ graph, settings }) => [graph, settings.seed])).toEqual([
      [meadow, 1],
      [turned, 1],
      [turned, 2],
    ]);
    expect(page.match(/<svg /g)).toHaveLength(3);
    expect(page).toContain('<h2><span>2</span> tree behind white sheep → tree left of white sheep</h2>');
    expect(page).toContain('The first 2 of the branch are left out.');
    expect(page.match(/marker-end="url\(#step-2-marked-arrow\)"/g)).toHaveLength(1);
  });

  it('lets no text be markup: no element that was not there, no script, nothing from elsewhere', () => {
    // Every tag with the names of its attributes; the nodes' words may be cut, their number stays.
    const tagsOf = (page: string) =>
      (page.match(/<[^<>]*>/g) ?? []).map((tag) => tag.replace(/"[^"]*"/g, '""')).join('');
    const page = (word: string) => {
      const graph = { ...meadow, objects: meadow.objects.map((object) => ({ ...object, label: word })) };
      const record = pictureRecord({ graph, name: word, model: word });
      const relations = graph.relations.map((relation) => ({ ...relation, predicate: `${word} on` }));
      const other = { ...graph, relations };
      const unnamed = pictureRecord({ graph: other });
      return branchPage(branchSteps([record, unnamed, { ...record, name: `${word} again` }]), {
        name: word,
        leftOut: 0,
      });
    };
    const plain = tagsOf(page('sheep'));
    const nasty = fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      '</style><b>',
      '&lt;i>',
    );
    fc.assert(
      fc.property(fc.oneof(nasty, texts(12)), (word) => {
        const made = page(word);
        expect(tagsOf(made)).toBe(plain);
        expect(made).not.toMatch(/<script|<[^<>]*(?:src|href)="(?!data:)/);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a GIF', () => {
  it('has a frame for each picture, as long on screen as it says, of colours that are the picture’s', async () => {
    const frame = (value: number): GifFrame => {
      const pixels = new Uint8ClampedArray(4 * 4 * 3).map((_, i) => (i % 4 === 3 ? 255 : value));
      return { width: 4, height: 3, pixels, delay: 10 * value };
    };
    async function* film() {
      yield frame(50);
      yield frame(200);
    }
    const bytes = await encodeGif(film());
    expect(gifFrames(bytes)).toEqual([
      { width: 4, height: 3, delay: 500 },
      { width: 4, height: 3, delay: 2000 },
    ]);
  });
});
