import { expectAccessible } from './app/accessibility.ts';
import { expect, test } from './app/sgraffito.ts';

test('examples: on the empty canvas, and in the gallery by keyboard', async ({ app, page }) => {
  await app.visit();
  await test.step('the empty canvas teaches, and starts from an example', async () => {
    await app.newGraph();
    await expect(app.canvas.getByRole('list').getByRole('listitem')).toHaveCount(3);
    const tile = app.canvas.getByRole('button', { name: 'Boy riding a horse' });
    await expect.poll(() => tile.getByRole('img').evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(128);
    await tile.click();
    await expect(app.relation('boy riding horse')).toBeVisible();
    await page.keyboard.press('ControlOrMeta+z');
    await expect(app.objects).toHaveCount(0);
    await app.canvas.getByRole('button', { name: 'All 16' }).click();
    await expect(page.getByRole('dialog', { name: 'Gallery of examples' })).toBeVisible();
  });
  await test.step('the gallery by keyboard: at least twelve graphs, each with its picture', async () => {
    await page.keyboard.press('g');
    const dialog = page.getByRole('dialog', { name: 'Gallery of examples' });
    const tiles = dialog.locator('button[data-tile]');
    await expect(tiles.first()).toBeFocused();
    expect(await tiles.count()).toBeGreaterThanOrEqual(12);
    const pictures = dialog.locator('img');
    await expect(pictures).toHaveCount(await tiles.count());
    for (const picture of await pictures.all()) {
      await picture.scrollIntoViewIfNeeded();
      await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth)).toBe(128);
    }
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect(dialog.getByRole('button', { name: /^Dog left of a cat/ })).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(dialog.getByRole('button', { name: /^Dog left of a cat/ })).not.toBeFocused();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect(dialog).toHaveCount(0);
    await expect(app.relation('boy riding horse')).toBeVisible();
  });
});

test('axe finds no fault in the empty canvas, the gallery, the chooser and the sentence, light and dark', async ({
  app,
  page,
}) => {
  const check = (state: string) => expectAccessible(page, state);
  const dialog = page.getByRole('dialog');
  await app.open();
  await app.newGraph();
  await check('empty');
  await page.keyboard.press('g');
  await expect(dialog.locator('[data-tile]').first()).toBeFocused();
  await check('gallery');
  await page.keyboard.press('Escape');
  const graph = { objects: ['cat', 'bed'], relationships: [[0, 'on', 1]] };
  await app.openFile('two.json', JSON.stringify([graph, { objects: ['xqzzt'], relationships: [] }]));
  await expect(dialog.getByRole('button', { name: /1 word to change/ })).toBeVisible();
  await check('chooser');
  await page.keyboard.press('Escape');
  await page.keyboard.press('t');
  await dialog.getByRole('textbox').fill('two purple cats eating an xqzzt on a bed');
  await expect(dialog.getByText(/“xqzzt”: The model/)).toBeVisible();
  await check('sentence');
});

test.describe('narrow and dark', () => {
  test.use({ viewport: { width: 768, height: 900 }, colorScheme: 'dark' });
  test('the empty canvas and the gallery fit a small screen', async ({ app, page }) => {
    await app.visit();
    await page.keyboard.press('/');
    await app.answer('New graph');
    const card = await app.boxOf(app.canvas.locator('.canvas-hint-card'));
    const canvas = await app.boxOf(app.canvas);
    expect(card.x).toBeGreaterThanOrEqual(canvas.x);
    expect(card.x + card.width).toBeLessThanOrEqual(canvas.x + canvas.width);
    expect(card.y + card.height).toBeLessThanOrEqual(canvas.y + canvas.height);
    await app.canvas.getByRole('button', { name: 'All 16' }).click();
    const dialog = page.getByRole('dialog', { name: 'Gallery of examples' });
    const { scrollWidth, clientWidth } = await dialog.evaluate((each) => ({
      scrollWidth: each.scrollWidth,
      clientWidth: each.clientWidth,
    }));
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
  });
});
