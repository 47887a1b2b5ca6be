/** The main states of the app, and a short animated tour, for the README. Look at them after a change of the screen or the model. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCanvas, GifEncoder, loadImage } from '@napi-rs/canvas';
import type { Page } from '@playwright/test';
import type { TourStep } from '#editor/tour/tour.ts';
import { expect, type Sgraffito, settle, test } from '../app/sgraffito.ts';
import { takeTour } from '../app/tour.ts';

const folder = join(import.meta.dirname, '../../public/readme');
const SEED = 7;

test.use({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
test.beforeAll(() => mkdir(folder, { recursive: true }));

/** JPEG: a third of the bytes of a PNG, and nobody measures pixels in a README. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.mouse.move(640, 796);
  await settle(page);
  await page.screenshot({ path: join(folder, `${name}.jpg`), type: 'jpeg', quality: 86 });
}

/** Dog and cat, painted both ways round. */
async function paintBothWays(app: Sgraffito): Promise<void> {
  await app.open();
  await app.openExample('Dog left of a cat');
  await app.set('Seed', SEED);
  await app.generate();
  await app.pressTool('dog left of cat', 'Opposite');
  await app.generate();
}

test('editing, comparing, sweeping', async ({ app, page }) => {
  await paintBothWays(app);
  await shoot(page, 'editor');

  await page.getByRole('radio', { name: 'Side by side' }).click();
  await shoot(page, 'compare');
  await page.getByRole('radio', { name: 'Picture', exact: true }).click();

  await app.pressTool('dog right of cat', 'Sweep predicates');
  await page.getByRole('radio', { name: /^All/ }).click();
  await page.getByRole('button', { name: /^Paint \d+$/ }).click();
  await expect(page.getByRole('dialog').getByRole('status')).toHaveText(/^\d+ pictures$/, { timeout: 1_200_000 });
  await shoot(page, 'sweep');
});

test('dark, with an object hovered', async ({ app, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await app.open();
  await app.openExample('Boy riding a horse');
  await app.set('Seed', SEED);
  await app.generate();
  await app.object('horse').hover();
  await settle(page);
  await page.screenshot({ path: join(folder, 'dark.jpg'), type: 'jpeg', quality: 86 });
});

test('while a picture is made', async ({ app, page }) => {
  await app.open();
  await app.openExample('Sheep in a meadow');
  await app.set('Seed', SEED);
  // Long enough that the picture is still under way when it is looked at.
  await app.set('Steps', 200);
  await page.getByRole('button', { name: 'Generate' }).click();
  await expect(page.getByRole('status', { name: 'Generation' })).toHaveText(/Step (4|5|6)\d of 200/, {
    timeout: 120_000,
  });
  await shoot(page, 'generating');
});

test('a history with branches, and its clean-up', async ({ app, page }) => {
  await paintBothWays(app);
  await app.set('Seed', SEED + 1);
  await app.generate();
  await app.history.getByRole('listitem').last().getByRole('button').first().click();
  await app.set('Seed', SEED + 2);
  await app.generate();
  await app.history.getByRole('button', { name: 'Manage' }).click();
  await expect(page.getByRole('dialog').getByRole('button').first()).toBeVisible();
  await shoot(page, 'history');
});

test('the empty canvas at 768 pixels', async ({ app, page }) => {
  await page.setViewportSize({ width: 768, height: 900 });
  await app.open();
  await page.keyboard.press('/');
  await app.answer('New graph');
  await shoot(page, 'empty-768');
});

test('the tour', async ({ app, page }) => {
  const size = { width: 1024, height: 640 };
  const scale = 0.7;
  const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
  const gif = new GifEncoder(width, height, { repeat: 0, quality: 8 });
  /** @param delay milliseconds on screen */
  const frame = async (delay: number) => {
    await settle(page);
    const canvas = createCanvas(width, height);
    canvas.getContext('2d').drawImage(await loadImage(await page.screenshot()), 0, 0, width, height);
    gif.addFrame(canvas.data(), width, height, { delay });
  };
  await page.setViewportSize(size);
  await app.open();
  await app.set('Seed', SEED);
  await app.newGraph();
  await frame(1200);
  const delays: Readonly<Record<TourStep, number>> = { add: 600, relate: 900, paint: 2200, turn: 1200, compare: 2000 };
  for await (const step of takeTour(app)) await frame(delays[step]);
  await page.getByRole('radio', { name: 'Side by side' }).click();
  await frame(3000);
  await writeFile(join(folder, 'tour.gif'), gif.finish());
});
