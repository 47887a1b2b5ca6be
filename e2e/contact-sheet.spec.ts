/** A sheet of variations: one picture that fails stops nothing, and what was made is kept. */
import { expect, test } from './sgraffito.ts';

const SHEET = 300_000;

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
  await expect(sheet.getByRole('status')).toHaveText('7 pictures, 1 not painted', { timeout: SHEET });
  await expect(sheet.getByRole('alert')).toContainText(/engine/i);
  await sheet.getByRole('button', { name: /^Paint Seed \d+ again$/ }).click();
  await expect(sheet.getByRole('status')).toHaveText('8 pictures', { timeout: SHEET });
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await expect(app.history.getByRole('listitem')).toHaveCount(8);
  await page.reload();
  await expect(app.history.getByRole('listitem')).toHaveCount(8);
});

test('closing the sheet early keeps the pictures made so far', async ({ app, page }) => {
  test.slow();
  await app.open();
  await app.set('Steps', 1);
  await page.keyboard.press('ControlOrMeta+Shift+Enter');
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByRole('button', { name: /^Take Seed/ }).nth(1)).toBeVisible({ timeout: SHEET });
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Generate' })).toBeEnabled();
  const kept = await app.history.getByRole('listitem').count();
  expect(kept).toBeGreaterThanOrEqual(2);
  await page.reload();
  await expect(app.history.getByRole('listitem')).toHaveCount(kept);
});
