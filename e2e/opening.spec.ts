import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { encodePng } from '#editor/files/png.ts';
import { graphOf, meadow } from './app/graph-files.ts';
import { expect, test } from './app/sgraffito.ts';

interface Carried {
  readonly name: string;
  readonly content: string | Uint8Array;
}

const json = (name: string, value: unknown): Carried => ({ name, content: JSON.stringify(value) });

/** Drops or pastes files, or pastes text: what the browser hands the page is made in the page. */
async function hand(page: Page, how: 'drop' | 'paste', carried: readonly Carried[] | string): Promise<void> {
  const files = typeof carried === 'string' ? [] : carried;
  const plain = files.map(({ name, content }) => ({ name, bytes: [...Buffer.from(content)] }));
  const text = typeof carried === 'string' ? carried : '';
  await page.evaluate(
    ([kind, all, words]) => {
      const data = new DataTransfer();
      for (const { name, bytes } of all) data.items.add(new File([Uint8Array.from(bytes)], name));
      if (words !== '') data.setData('text/plain', words);
      const options = { bubbles: true, cancelable: true };
      const target = document.querySelector('.canvas') ?? document.body;
      if (kind === 'paste') target.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: data }));
      else target.dispatchEvent(new DragEvent('drop', { ...options, dataTransfer: data }));
    },
    [how, plain, text] as const,
  );
}

const startPicture = readFileSync(new URL('../src/editor/examples/start/picture.png', import.meta.url));

/** As a program saves it that knows nothing of recipes. */
async function jpegOf(page: Page, png: Uint8Array): Promise<Uint8Array> {
  const bytes = await page.evaluate(
    async (all) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(all)]));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
      const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
      return [...new Uint8Array(await jpeg.arrayBuffer())];
    },
    [...png],
  );
  return Uint8Array.from(bytes);
}

const objects = json('objects.json', [
  {
    image_id: 7,
    objects: [
      { object_id: 1, names: ['Boy'], x: 0, y: 0, w: 9, h: 9 },
      { object_id: 2, names: ['horse'] },
    ],
  },
  { image_id: 8, objects: [{ object_id: 3, names: ['boat'] }] },
]);
const relationships = json('relationships.json', [
  {
    image_id: 7,
    relationships: [{ predicate: 'riding', subject: { object_id: 1 }, object: { object_id: 2 } }],
  },
]);
const attributes = json('attributes.json', [
  { image_id: 7, attributes: [{ object_id: 2, names: ['horse'], attributes: ['brown'] }] },
]);

test('of many graphs in one file or three, one is chosen', async ({ app, page }) => {
  await app.visit();
  await test.step("Visual Genome's three files are dropped together and joined by image", async () => {
    await hand(page, 'drop', [relationships, attributes, objects]);
    const dialog = page.getByRole('dialog', { name: '2 graphs in 3 files' });
    await expect(dialog.getByRole('button', { name: /image 8.*boat/ })).toBeVisible();
    await dialog.getByRole('button', { name: /image 7.*boy riding brown horse/ }).click();
    await expect
      .poll(() => app.graphOnScreen())
      .toEqual({ objects: ['Object boy', 'Object brown horse'], relations: ['Relation boy riding horse'] });
  });
  await test.step('of a thousand graphs one is found by typing and opened by keyboard', async () => {
    const list = Array.from({ length: 1000 }, (_, i) =>
      i === 777
        ? { objects: ['giraffe', 'umbrella'], relationships: [[0, 'holding', 1]] }
        : { objects: ['cat', 'bed', `word${i}`], relationships: [[0, 'on', 1]] },
    );
    await app.openFile('thousand.json', JSON.stringify(list));
    const dialog = page.getByRole('dialog', { name: '1000 graphs in thousand.json' });
    const tiles = dialog.getByRole('button', { name: /^thousand \d+/ });
    await expect(tiles).toHaveCount(40);
    await dialog.getByRole('button', { name: 'Show 40 more' }).click();
    await expect(tiles).toHaveCount(80);

    const search = dialog.getByRole('searchbox');
    await search.fill('bed cat word99');
    await expect(dialog.getByRole('status')).toHaveText('11 of 1000 graphs');
    await search.press('ArrowDown');
    await expect(tiles.first()).toBeFocused();
    await page.keyboard.press('End');
    await expect(tiles.last()).toBeFocused();

    await search.fill('giraffe');
    await expect(tiles).toHaveCount(1);
    await expect(tiles.first()).toContainText('2 objects, 1 relation');
    await search.press('Enter');
    await expect(dialog).toHaveCount(0);
    await expect(app.relation('giraffe holding umbrella')).toBeVisible();
  });
});

test('graphs and pictures are pasted', async ({ app, page }) => {
  await app.visit();
  await test.step('JSON as text', async () => {
    await hand(page, 'paste', JSON.stringify({ objects: ['kite', 'sky'], relationships: [[0, 'on', 1]] }));
    await expect(app.relation('kite on sky')).toBeVisible();
  });
  const picture = { width: 2, height: 2, pixels: new Uint8ClampedArray(16).fill(255) };
  const settings = { seed: 4711, steps: 9, guidanceScale: 3, sampler: 'euler', style: 'noto' } as const;
  const recipe = { model: 'picturebook', graph: meadow, settings };

  await test.step('a PNG file, with its seed', async () => {
    await hand(page, 'paste', [{ name: 'meadow.png', content: encodePng(picture, recipe) }]);
    await expect(app.relation('sheep left of tree')).toBeVisible();
    await expect(page.getByRole('spinbutton', { name: 'Seed' })).toHaveValue('4711');
  });

  await test.step('one that kept the rest says that this is restored too', async () => {
    const graph = graphOf(['cow', 'snow'], [[0, 'on', 1]]);
    const keep = { latent: new Float32Array(4096), strength: 0.6, before: [], objects: [] };
    await hand(page, 'drop', [{ name: 'kept.png', content: encodePng(picture, { ...recipe, graph, keep }) }]);
    await expect(app.relation('cow on snow')).toBeVisible();
    await expect(page.getByText(/kept the rest of a picture before it \(strength 60 %\)/)).toBeVisible();
  });

  await test.step('several pictures are a choice, and the chosen one brings its seed', async () => {
    const other = { ...recipe, graph: graphOf(['bus']), settings: { ...settings, seed: 12 } };
    await hand(page, 'drop', [
      { name: 'one.png', content: encodePng(picture, recipe) },
      { name: 'two.png', content: encodePng(picture, other) },
    ]);
    await page.getByRole('dialog').getByRole('button', { name: /^two/ }).click();
    await expect(app.object('bus')).toBeVisible();
    await expect(page.getByRole('spinbutton', { name: 'Seed' })).toHaveValue('12');
  });

  await test.step('one that lost its recipe is read back into a graph, which one undo takes back', async () => {
    await app.ready();
    await hand(page, 'paste', [{ name: 'shot.jpg', content: await jpegOf(page, startPicture) }]);
    await expect(app.complaints).toContainText('Could not open shot.jpg');
    await page.getByRole('button', { name: 'Read a graph from what it shows' }).click();
    await expect(app.relation('tree left of sheep')).toBeVisible();
    await expect(app.relation('sky above grass')).toBeVisible();
    await expect(page).toHaveTitle('shot — Sgraffito');
    await page.keyboard.press('ControlOrMeta+z');
    await expect(app.object('bus')).toBeVisible();
  });

  await test.step('one of too many pixels is not decoded', async () => {
    // Its head is as much as is read of it.
    const bomb = Buffer.from(startPicture.subarray(0, 33));
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    await hand(page, 'paste', [{ name: 'bomb.png', content: bomb }]);
    await page.getByRole('button', { name: 'Read a graph from what it shows' }).click();
    await expect(app.complaints.filter({ hasText: 'No graph was read' })).toContainText('60000 × 60000 pixels');
    await expect(app.object('bus')).toBeVisible();
  });
});

test('files at fault get one message, the others are opened, and nothing is lost', async ({ app, page }) => {
  await app.visit();
  await hand(page, 'drop', [json('meadow.json', meadow)]);
  await expect(app.relation('sheep left of tree')).toBeVisible();
  const shown = await app.graphOnScreen();

  await test.step('all of them', async () => {
    await hand(page, 'drop', [
      { name: 'broken.json', content: '{"objects": [' },
      { name: 'photo.png', content: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1') },
      { name: 'notes.txt', content: 'no graph' },
      { name: 'photo.jpg', content: Buffer.from('\xff\xd8\xff\xe0', 'latin1') },
    ]);
    await expect(app.complaints).toHaveText(
      /^4 files could not be opened.*photo\.png.*cut off.*photo\.jpg.*broken\.json.*notes\.txt/,
    );
    expect(await app.graphOnScreen()).toEqual(shown);
    await app.dismissComplaint();
  });

  await test.step('some of them', async () => {
    await hand(page, 'drop', [{ name: 'broken.json', content: '[' }, json('cow.json', graphOf(['cow']))]);
    await expect(app.object('cow')).toBeVisible();
    await expect(app.complaints).toHaveText(/Could not open broken\.json.*not JSON/);
    await app.dismissComplaint();
  });

  await test.step('records of a list: they are counted and named beside the choice', async () => {
    const long = { objects: ['x'.repeat(65)], relationships: [] };
    await hand(page, 'drop', [json('list.json', [graphOf(['cow']), long, graphOf(['dog'])])]);
    const dialog = page.getByRole('dialog', { name: '2 graphs in list.json' });
    await dialog.getByText('1 thing was left out').click();
    await expect(dialog.getByText(/^\[1\]\.objects\[0\]: has 65 characters/)).toBeVisible();
    await dialog.getByRole('button', { name: /^list 3.*dog/ }).click();
    await expect(app.object('dog')).toBeVisible();
  });

  await test.step('one that is too large says how large, and what to do', async () => {
    const before = await app.graphOnScreen();
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(65_000_000)], 'objects.json'));
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer: data }));
    });
    await expect(app.complaints).toHaveText(/objects\.json.*65 MB; up to 32 MB.*jq/);
    expect(await app.graphOnScreen()).toEqual(before);
  });
});
