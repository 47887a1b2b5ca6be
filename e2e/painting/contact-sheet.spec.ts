/** A sheet of variations: one picture that fails stops nothing, and what was made is kept. */
import type { Page } from '@playwright/test';
import { meadow } from '../app/graph-files.ts';
import { expect, test } from '../app/sgraffito.ts';

const SHEET = 300_000;

/** Answers the question with what it offers. */
async function begin(page: Page): Promise<void> {
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Paint \d+$/ })
    .click();
}

test('a picture that fails says why and is painted again; all are in the history, also after a reload', async ({
  app,
  page,
}) => {
  test.slow();
  // The third request to paint kills the real worker, as a tab that runs out of memory does.
  await page.addInitScript(() => {
    let asked = 0;
    const send = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, message: { type?: string }) {
      if (message.type === 'generate' && ++asked === 3) {
        this.terminate();
        this.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
      } else send.call(this, message);
    } as typeof send;
  });
  await app.open();
  await app.set('Steps', 1);
  await page.keyboard.press('ControlOrMeta+Shift+Enter');
  const sheet = page.getByRole('dialog');
  await begin(page);
  await expect(sheet.getByRole('status')).toHaveText('7 pictures, 1 not painted', { timeout: SHEET });
  await expect(sheet.getByRole('alert')).toContainText(/engine/i);
  await sheet.getByRole('button', { name: /^Paint Seed \d+ again$/ }).click();
  await expect(sheet.getByRole('status')).toHaveText('8 pictures', { timeout: SHEET });
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await page.reload();
  const pile = app.history.getByRole('button', { name: 'Variations, 8 pictures' });
  await expect(app.history.getByRole('listitem')).toHaveCount(1);
  await pile.press('Enter');
  await expect(pile).toHaveAttribute('aria-expanded', 'true');
  await expect(app.history.getByRole('button', { name: /^Restore / })).toHaveCount(8);
});

test('closing the sheet early keeps the pictures made so far', async ({ app, page }) => {
  test.slow();
  await app.open();
  await app.set('Steps', 1);
  await page.keyboard.press('ControlOrMeta+Shift+Enter');
  const sheet = page.getByRole('dialog');
  await begin(page);
  await expect(sheet.getByRole('button', { name: /^Take Seed/ }).nth(1)).toBeVisible({ timeout: SHEET });
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Generate' })).toBeEnabled();
  const kept = await app.history.getByText(/^\d pictures$/).textContent();
  expect(Number.parseInt(kept ?? '', 10)).toBeGreaterThanOrEqual(2);
  await page.reload();
  await expect(app.history.getByText(kept ?? '')).toBeVisible();

  await test.step('a sweep asks which predicates, says how long they take, and is cancelled', async () => {
    // Long enough for each to be seen at work.
    await app.set('Steps', 20);
    await app.pressTool('tree left of sheep', 'Sweep predicates');
    const howLong = sheet.getByRole('status', { name: 'How long' });
    await expect(howLong).toHaveText(/^\d+ pictures, about (a second|\d+ (s|min))$/);
    await sheet.getByRole('radio', { name: /^All/ }).click();
    const all = Number.parseInt((await howLong.textContent()) ?? '', 10);
    await sheet.getByRole('radio', { name: /^Doing/ }).click();
    expect(Number.parseInt((await howLong.textContent()) ?? '', 10)).toBeLessThan(all / 2);
    await expect(sheet.getByText('tree riding sheep')).toBeVisible();
    await begin(page);
    await expect(sheet.getByRole('status')).toHaveText(/^Painting [2-9] of \d+, about .+ left$/, { timeout: SHEET });
    await sheet.getByRole('button', { name: 'Cancel' }).click();
    await expect(sheet.getByRole('status')).toHaveText(/^\d pictures?(, 1 not painted)?$/);
    await expect(sheet.getByRole('button', { name: 'Take tree riding sheep' })).toBeVisible();
  });
});

test('as many variations as wished for; the best comes first and is taken', async ({ app, page }) => {
  test.slow();
  await app.open();
  await app.set('Steps', 4);
  await page.keyboard.press('ControlOrMeta+Shift+Enter');
  const sheet = page.getByRole('dialog');
  await begin(page);
  await sheet.getByRole('spinbutton', { name: 'Pictures' }).fill('3');
  await expect(sheet.getByRole('status')).toHaveText(/^\d pictures$/, { timeout: SHEET });
  // What had been begun is finished, what had not is dropped.
  const pictures = sheet.getByRole('button', { name: /^Take Seed/ });
  expect(await pictures.count()).toBeLessThan(8);
  await sheet.getByRole('spinbutton', { name: 'Pictures' }).fill('9');
  await expect(sheet.getByRole('status')).toHaveText('9 pictures', { timeout: SHEET });
  await expect(pictures).toHaveCount(9);
  const best = sheet.getByRole('listitem').filter({ hasText: 'Best match' });
  // Nine seeds may be equally good: then there is no best.
  if ((await best.count()) === 0) {
    await expect(sheet.getByRole('button', { name: 'Take the best' })).toBeDisabled();
    return;
  }
  const seed = (await best.getByRole('button').getAttribute('aria-label'))?.match(/\d+/)?.[0] ?? '';
  await sheet.getByRole('button', { name: 'Best first' }).click();
  await expect(sheet.getByRole('listitem').first()).toContainText(`Seed ${seed}`);
  await sheet.getByRole('button', { name: 'Take the best' }).click();
  await expect(sheet).toHaveCount(0);
  await expect(page.getByRole('spinbutton', { name: 'Seed' })).toHaveValue(seed);
});

test('one graph in every style, and one relation over one kind of predicates; the chosen one is taken', async ({
  app,
  page,
}) => {
  await app.open();
  await app.set('Steps', 1);
  await app.menu('Picture', 'Paint in every style');
  const sheet = page.getByRole('dialog');
  await begin(page);
  await expect(sheet.getByRole('status')).toHaveText('6 pictures', { timeout: SHEET });
  await sheet.getByRole('button', { name: 'Take twemoji' }).click();
  const styles = page.getByRole('radiogroup', { name: 'Style' });
  const twemoji = styles.getByRole('radio', { name: 'twemoji' });
  await expect(twemoji).toBeChecked();

  // Each of the built-in model's styles, and any, by a picture that has come.
  const pictures = styles.locator('img');
  await pictures.first().scrollIntoViewIfNeeded();
  await expect
    .poll(() => pictures.evaluateAll((all) => all.map((each) => (each as HTMLImageElement).naturalWidth)))
    .toEqual(Array.from({ length: 7 }, () => 128));
  await twemoji.focus();
  await page.keyboard.press('ArrowRight');
  await expect(styles.getByRole('radio', { name: 'fluent', exact: true })).toBeChecked();

  await test.step('sweeps one relation over one kind of predicates', async () => {
    await app.openFile('meadow.json', JSON.stringify(meadow));
    await app.pressTool('sheep left of tree', 'Sweep predicates');
    await sheet.getByRole('radio', { name: /^Where it is/ }).click();
    await sheet.getByRole('button', { name: /^Paint \d+$/ }).click();
    await expect(sheet.getByRole('status')).toHaveText(/^\d+ pictures$/, { timeout: 200_000 });
    const painted = Number.parseInt((await sheet.getByRole('status').textContent()) ?? '', 10);
    await sheet.getByRole('button', { name: 'Take sheep above tree' }).click();
    await expect(sheet).toHaveCount(0);
    await expect(app.relation('sheep above tree')).toBeVisible();
    await expect(app.history.getByRole('button', { name: `sheep … tree, ${painted} pictures` })).toBeVisible();
  });
});
