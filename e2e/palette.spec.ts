import type { Locator } from '@playwright/test';
import { graphOf } from './app/graph-files.ts';
import { contrast, decodePng } from './app/pixels.ts';
import { expect, test } from './app/sgraffito.ts';
import { startSeed } from './app/start-seed.ts';

/** Whether something is drawn there, on whatever lies beneath. */
async function isDrawn(icon: Locator): Promise<boolean> {
  await expect(icon).toHaveAttribute('data-sprite', 'true');
  return contrast(decodePng(await icon.screenshot())) > 8;
}

test('every label of the model has its drawing, in the palette, the picker and on the canvas', async ({
  app,
  page,
}) => {
  await app.open();
  const palette = page.getByRole('complementary', { name: 'Palette' });
  const words = palette.getByRole('button', { name: /^Add / });
  await expect(words.locator('[data-sprite="true"]')).toHaveCount(await words.count());
  expect(await words.count()).toBeGreaterThan(50);
  for (const label of ['sheep', 'house', 'sand']) {
    expect(
      await isDrawn(palette.getByRole('button', { name: `Add ${label}`, exact: true }).locator('.label-icon')),
      label,
    ).toBe(true);
  }

  await app.openFile(
    'farm.json',
    JSON.stringify(
      graphOf(
        ['sheep', 'lamb', 'zeppelin', 'qwzxk'],
        [
          [0, 'left of', 1],
          [1, 'left of', 0],
        ],
      ),
    ),
  );
  expect(await isDrawn(app.object('sheep').locator('.label-icon'))).toBe(true);
  // Painted as a sheep, shown as a sheep.
  expect(await isDrawn(app.object('lamb').locator('.label-icon'))).toBe(true);
  await expect(app.object('zeppelin').locator('.label-icon')).toHaveAttribute('data-sprite', 'false');
  await expect(app.object('zeppelin').locator('.label-icon svg')).toBeVisible();

  await test.step('before anything is painted, the graph says what cannot be', async () => {
    await expect(app.object('lamb')).toContainText('painted as sheep');
    await expect(app.object('qwzxk')).toContainText('cannot be painted');
    const warning = page.getByRole('status', { name: 'Before you paint' });
    await expect(warning).toHaveText('Not all of this can be: sheep left of lamb, lamb left of sheep.');
    await expect(app.canvas.getByRole('img', { name: 'contradicts another relation' })).toHaveCount(2);
    await app.pressTool('lamb left of sheep', 'Opposite');
    await expect(warning).toHaveCount(0);
  });
  await test.step('100 % is one key away', async () => {
    await page.keyboard.press('0');
    await expect(page.getByRole('button', { name: 'Zoom 100 %, back to 100 %' })).toBeVisible();
  });
  await test.step('a setting says what it does', async () => {
    const steps = page.getByRole('spinbutton', { name: 'Steps' });
    await steps.focus();
    await expect(page.locator('.setting-note')).toHaveText(/more takes longer and draws finer\. 1 to 200\.$/);
    await expect(steps).toHaveAccessibleDescription(/^How often noise is taken away/);
  });

  await page.keyboard.press('Escape');
  await app.canvas.focus();
  await page.keyboard.press('n');
  await page.getByRole('dialog').getByRole('combobox').fill('lamb');
  const option = page.getByRole('dialog').getByRole('option', { selected: true });
  await expect(option).toHaveText('sheep');
  expect(await isDrawn(option.locator('.label-icon'))).toBe(true);
});

test('before the model has come there are its labels by kind, found by everyday words, and the start graph’s picture', async ({
  app,
  page,
}) => {
  await app.visit({ greeted: true });
  await test.step('the picture has its recipe and its marks, and stays at the next visit', async () => {
    await expect(app.picture).toBeVisible();
    await expect(page.getByRole('progressbar', { name: 'Loading the model…' })).toBeVisible();
    await expect(app.canvas.getByRole('img', { name: 'found in the picture' })).toHaveCount(8);
    await expect(page.getByText('4 of 4 objects found')).toBeVisible();
    await expect(page.getByRole('spinbutton', { name: 'Seed' })).toHaveValue(startSeed);
    await expect(page.getByRole('spinbutton', { name: 'Relations ×' })).toBeVisible();
    await page.reload();
    await expect(app.canvas.getByRole('img', { name: 'found in the picture' })).toHaveCount(8);
    await expect(app.history.getByRole('listitem')).toHaveCount(1);
  });
  const palette = page.getByRole('complementary', { name: 'Palette' });
  await expect(palette.getByRole('heading', { name: 'animal' })).toBeVisible();
  const search = palette.getByRole('searchbox');
  await search.fill('lamb');
  await expect(palette.getByRole('button')).toHaveText(['sheeplamb']);
  await app.newGraph();
  await search.fill('lamb');
  await search.press('Enter');
  await expect(app.object('sheep')).toBeVisible();
  await search.fill('blorp');
  await expect(palette).toContainText('No object named “blorp”');
});

test('the palette is one stop of Tab; arrows go through its labels', async ({ app, page }) => {
  await app.visit();
  const palette = page.getByRole('complementary', { name: 'Palette' });
  const words = palette.getByRole('button', { name: /^Add / });
  await palette.getByRole('searchbox').focus();
  await page.keyboard.press('ArrowDown');
  await expect(words.nth(0)).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(words.nth(1)).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(palette.locator(':focus')).toHaveCount(0);
  await page.keyboard.press('Shift+Tab');
  await expect(words.nth(1)).toBeFocused();
});

test('without its drawings a model works as well', async ({ app, page }) => {
  await page.route('**/sprites.png', (route) => route.fulfill({ status: 404 }));
  await app.open();
  await expect(page.getByRole('button', { name: 'Add sheep' }).locator('svg')).toBeVisible();
  await app.newGraph();
  await page.getByRole('button', { name: 'Add sheep' }).click();
  await expect(app.object('sheep')).toBeVisible();
  await expect(app.complaints).toHaveCount(0);
});
