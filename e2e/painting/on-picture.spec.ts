/** The graph on its picture: a thing that is moved turns its relations, and the picture is painted with the same seed. */
import type { Locator } from '@playwright/test';
import { graphOf, lawn } from '../app/graph-files.ts';
import { holdBack } from '../app/hold-back.ts';
import { expect, type Sgraffito, test } from '../app/sgraffito.ts';
import { startSeed } from '../app/start-seed.ts';

/** Takes a chip with the pointer to a place beside another one, and holds it there. */
async function carry(app: Sgraffito, name: string, beside: string, dx: number): Promise<void> {
  const [from, other] = [await app.boxOf(app.object(name)), await app.boxOf(app.object(beside))];
  const start = { x: from.x + from.width / 2, y: from.y + from.height / 2 };
  await app.page.mouse.move(start.x, start.y);
  await app.page.mouse.down();
  await app.page.mouse.move(other.x + other.width / 2 + dx, other.y + other.height / 2, { steps: 8 });
}

const holds = (label: Locator): Locator => label.getByRole('img', { name: 'found in the picture' });

test('a thing that is moved on the picture turns its relations, by keys and by hand', async ({ app, page }) => {
  const letCome = await holdBack(page, 'OnPicture');
  await app.open({ greeted: true });
  const surface = page.getByRole('region', { name: 'Graph on its picture' });
  const change = page.getByRole('status', { name: 'What letting go changes' });
  const pictures = app.history.getByRole('listitem');
  await expect(pictures).toHaveCount(1);
  // Its seed and its style, whichever came first, the picture or the model.
  await pictures.getByRole('button').first().click();
  await expect(page.getByRole('spinbutton', { name: 'Seed' })).toHaveValue(startSeed);
  await app.canvas.focus();
  await page.keyboard.press('p');
  // Pressed while the view is on its way, it is for where the focus will be.
  await page.keyboard.press('?');
  letCome();
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(surface).toBeVisible();
  await expect(surface).toBeFocused();
  await expect(holds(app.relation('tree left of sheep'))).toBeVisible();
  expect((await app.boxOf(app.object('sheep'))).x).toBeGreaterThan((await app.boxOf(app.object('tree'))).x);

  // How far that is depends on the picture.
  const takeBeyond = () =>
    expect(async () => {
      await page.keyboard.press('Shift+ArrowLeft');
      await expect(change).toHaveText('tree: left of → right of sheep', { timeout: 500 });
    }).toPass();

  await test.step('arrow keys take it in hand, Escape calls off', async () => {
    await app.object('sheep').focus();
    await page.keyboard.press('ArrowLeft');
    await expect(change).toHaveText('No relation changes here.');
    await takeBeyond();
    await page.keyboard.press('Escape');
    await expect(change).toContainText('Drag a thing');
    await expect(app.relation('tree left of sheep')).toBeVisible();
    await expect(surface).toBeVisible();
  });

  await test.step('Enter lets go: the relation is turned, painted with the same seed, and holds', async () => {
    await takeBeyond();
    await app.paints(() => page.keyboard.press('Enter'));
    await expect(page.getByRole('spinbutton', { name: 'Seed' })).toHaveValue(startSeed);
    await expect(holds(app.relation('tree right of sheep'))).toBeVisible();
    expect((await app.boxOf(app.object('sheep'))).x).toBeLessThan((await app.boxOf(app.object('tree'))).x);
  });

  await test.step('undo is one step, and shows the picture of before without painting', async () => {
    await page.keyboard.press('ControlOrMeta+z');
    await expect(holds(app.relation('tree left of sheep'))).toBeVisible();
    await expect(pictures).toHaveCount(2);
    await page.keyboard.press('ControlOrMeta+Shift+z');
    await expect(holds(app.relation('tree right of sheep'))).toBeVisible();
    await expect(pictures).toHaveCount(2);
  });

  await test.step('by hand: what it would change is told before it is let go', async () => {
    await app.set('Seed', 9);
    await carry(app, 'sheep', 'tree', 150);
    await expect(change).toHaveText('tree: right of → left of sheep');
    await page.keyboard.press('Escape');
    await expect(change).toContainText('Drag a thing');
    await page.mouse.up();
    await expect(app.relation('tree right of sheep')).toBeVisible();
    await carry(app, 'sheep', 'tree', 150);
    await app.paints(() => page.mouse.up());
    await expect(holds(app.relation('tree left of sheep'))).toBeVisible();
    expect((await app.boxOf(app.object('sheep'))).x).toBeGreaterThan((await app.boxOf(app.object('tree'))).x);
  });

  await test.step('another predicate is drafted before it is chosen', async () => {
    await app.relation('tree left of sheep').click();
    await page.getByRole('dialog').getByRole('combobox').fill('right of');
    await expect(surface.getByRole('img', { name: /^Draft of: .*tree right of sheep/ })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(surface.getByRole('img', { name: /^Picture of: / })).toBeVisible();
    await expect(app.relation('tree left of sheep')).toBeFocused();
  });

  await test.step('of another graph there is no picture until it is painted; what is not found waits beside it', async () => {
    await app.openFile('reader.json', JSON.stringify(graphOf(['girl', 'glasses'], [[0, 'wearing', 1]])));
    await expect(surface.getByText('There is no picture of this graph yet.')).toBeVisible();
    await expect(app.objects).toHaveCount(0);
    // So many that a try lasts until it is stopped.
    await app.set('Steps', 60);
    await app.paints(() => surface.getByRole('button', { name: 'Paint it' }).click());
    await expect(surface.getByText('Not in the picture', { exact: true })).toBeVisible();
  });

  await test.step('repair stops when it is asked to', async () => {
    const dialog = page.getByRole('dialog');
    const repairGlasses = surface.getByRole('button', { name: 'Repair: glasses is not found in the picture' });
    const before = await pictures.count();
    await repairGlasses.click();
    const told = dialog.getByRole('status', { name: 'Repair' });
    await expect(told).toHaveText('Try 1 of at most 9: seed 10');
    await dialog.getByRole('button', { name: 'Stop' }).click();
    await expect(told).toHaveText('Stopped after 0 tries. The picture is as it was.');
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await expect(repairGlasses).toBeFocused();
    await expect(pictures).toHaveCount(before);
  });

  const repairDog = surface.getByRole('button', { name: 'Repair: dog is not found in the picture' });
  await test.step('it ends when two looks agree: that picture is shown, and its seed is what paints it again', async () => {
    const dialog = page.getByRole('dialog');
    await app.openFile('lawn.json', JSON.stringify(lawn));
    await app.set('Steps', 2);
    await app.paints(() => surface.getByRole('button', { name: 'Paint it' }).click());
    const before = await pictures.count();
    await repairDog.click();
    await expect(dialog.getByRole('status', { name: 'Repair' })).toHaveText(/^Found after \d tr/, { timeout: 120_000 });
    await expect(dialog.getByText(/^Second look: found, \d+ % sure$/)).toBeVisible();
    const title = await dialog
      .getByRole('img', { name: /^(Seed|Region)/ })
      .last()
      .getAttribute('aria-label');
    await dialog.getByRole('button', { name: 'Take it' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(pictures).toHaveCount(before + 1);
    await expect(repairDog).toHaveCount(0);
    await expect(holds(app.object('dog'))).toBeVisible();
    await expect(page.getByRole('spinbutton', { name: 'Seed' })).toHaveValue(/\d+$/.exec(title ?? '')?.[0] ?? '');
    const found = await app.picturePixels();
    await app.generate();
    expect((await app.picturePixels()).data).toEqual(found.data);
  });

  await test.step('Escape goes back to the canvas', async () => {
    await app.object('dog').focus();
    await page.keyboard.press('Escape');
    await expect(surface).toHaveCount(0);
    await expect(app.object('dog')).toBeVisible();
    await expect(app.canvas).toBeFocused();
  });
});
