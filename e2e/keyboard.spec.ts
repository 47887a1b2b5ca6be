import type { Locator, Page } from '@playwright/test';
import { contrast, decodePng } from './app/pixels.ts';
import { expect, test } from './app/sgraffito.ts';

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let i = 0; i < 150; i++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reaches ${target}.`);
}

test('the main job, from an empty canvas to the exported picture, by keyboard alone', async ({ app, page }) => {
  await app.open();
  const { keyboard } = page;
  const choose = async (word: string) => {
    await expect(page.getByRole('combobox').and(page.locator(':focus'))).toBeVisible();
    await keyboard.type(word);
    await expect(page.getByRole('dialog').getByRole('option', { selected: true })).toBeVisible();
    await keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  };

  await keyboard.press('/');
  await choose('New graph');
  await expect(app.objects).toHaveCount(0);

  for (const label of ['dog', 'cat']) {
    await keyboard.press('n');
    await choose(label);
    await expect(app.object(label)).toBeVisible();
  }
  await keyboard.press('Escape');

  await test.step('relate two objects', async () => {
    for (const label of ['dog', 'cat']) {
      await tabTo(page, app.object(label));
      await keyboard.press('Space');
      await expect(app.object(label)).toHaveAttribute('aria-pressed', 'true');
    }
    await keyboard.press('r');
    await choose('left of');
    await expect(app.relation('dog left of cat')).toBeVisible();
  });

  await test.step('settings', async () => {
    await tabTo(page, page.getByRole('spinbutton', { name: 'Steps' }));
    await keyboard.press('ControlOrMeta+a');
    await keyboard.type('3');
  });

  await app.paints(() => keyboard.press('ControlOrMeta+Enter'));
  const first = await app.picturePixels();

  await test.step('go through the objects in the picture', async () => {
    const walk = page.getByRole('slider', { name: 'Objects in the picture' });
    await tabTo(page, walk);
    await keyboard.press('ArrowRight');
    await keyboard.press('ArrowRight');
    await expect(walk).toHaveAttribute('aria-valuetext', /^cat, (found|not found|unsure)$/);
    await expect(app.object('cat').locator('[data-lit="true"]')).toBeVisible();
    await keyboard.press('Home');
    await expect(walk).toHaveAttribute('aria-valuetext', 'none');
  });

  await test.step('turn the relation round and paint again', async () => {
    await tabTo(page, app.relation('dog left of cat'));
    await keyboard.press('o');
    await expect(app.relation('dog right of cat')).toBeVisible();
  });
  await app.paints(() => keyboard.press('ControlOrMeta+Enter'));
  const second = await app.picturePixels();
  expect(contrast(second)).toBeGreaterThan(8);
  expect(second.data).not.toEqual(first.data);

  const file = await app.downloaded(() => keyboard.press('ControlOrMeta+Shift+e'));
  expect(decodePng(file).data).toEqual(second.data);
});

test('objects move, are relabelled and removed by keys, and the keys are listed', async ({ app, page }) => {
  await app.open();
  const { keyboard } = page;
  await keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('Generate');
  await keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  const [name] = (await app.graphOnScreen()).objects;
  const object = app.canvas.getByRole('button', { name: name ?? '', exact: true });
  await tabTo(page, object);
  const before = await app.boxOf(object);
  await keyboard.press('Shift+ArrowRight');
  await expect.poll(async () => (await app.boxOf(object)).x).toBeGreaterThan(before.x + 5);
  await keyboard.press('Enter');
  await expect(page.getByRole('combobox').and(page.locator(':focus'))).toBeVisible();
  await keyboard.type('elephant');
  await expect(page.getByRole('dialog').getByRole('option', { selected: true })).toBeVisible();
  await keyboard.press('Enter');
  await expect(app.object('elephant')).toBeFocused();
  const count = await app.objects.count();
  await keyboard.press('Delete');
  await expect(app.objects).toHaveCount(count - 1);
});
