import type { Locator, Page } from '@playwright/test';
import { meadow } from './app/graph-files.ts';
import { holdBack } from './app/hold-back.ts';
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
  await app.visit();
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

test('what is typed before a part is there goes to its field and to no other command', async ({ app, page }) => {
  const { keyboard } = page;
  const [picker, commands, dialogs] = [
    await holdBack(page, 'Picker'),
    await holdBack(page, 'CommandPalette'),
    await holdBack(page, 'Dialogs'),
  ];
  await app.visit();
  await app.openFile('meadow.json', JSON.stringify(meadow));
  await expect(app.objects).toHaveCount(3);

  await test.step('N "horse" Enter ? Escape N "elephant" Enter adds a horse and an elephant', async () => {
    await keyboard.press('n');
    await keyboard.type('horse'.padEnd(30, 'e'));
    for (let more = 'horse'.length; more < 30; more++) await keyboard.press('Backspace');
    await keyboard.press('Enter');
    picker();
    await expect(page.getByRole('dialog')).toBeVisible();
    // While those keys are typed again: another part, called off before it has come, and the first one once more.
    await keyboard.press('?');
    await keyboard.press('Escape');
    await keyboard.press('n');
    await keyboard.type('elephant');
    await keyboard.press('Enter');
    await expect(app.object('horse')).toBeVisible();
    await expect(app.object('elephant')).toBeVisible();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
  await test.step('Escape calls off what has not come yet', async () => {
    await keyboard.press('?');
    await keyboard.press('Escape');
    await keyboard.press('n');
    await app.answer('cow');
    await expect(app.object('cow')).toBeVisible();
    dialogs();
  });
  await test.step('Ctrl+K "new graph" empties the canvas', async () => {
    await keyboard.press('ControlOrMeta+k');
    await keyboard.type('new graph');
    await keyboard.press('Enter');
    commands();
    await expect(app.objects).toHaveCount(0);
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
  await test.step('Ctrl+K "add object" Enter "horse" Enter adds a horse', async () => {
    await keyboard.press('ControlOrMeta+k');
    await keyboard.type('add object');
    await keyboard.press('Enter');
    await keyboard.type('horse');
    await keyboard.press('Enter');
    await expect(app.object('horse')).toBeVisible();
    await expect(app.objects).toHaveCount(1);
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
  await test.step('when all is there, the first keys are not lost either', async () => {
    await keyboard.press('n');
    await keyboard.type('dog');
    await keyboard.press('Enter');
    await expect(app.object('dog')).toBeVisible();
  });
});

test('the focus stays at the work, on any keyboard', async ({ app, page }) => {
  const { keyboard, mouse } = page;
  await app.visit();
  await app.openFile('meadow.json', JSON.stringify(meadow));
  await expect(app.objects).toHaveCount(3);
  const dialog = page.getByRole('dialog');
  /** As a keyboard of that layout sends it. */
  const session = await page.context().newCDPSession(page);
  const press = async (
    key: string,
    code: string,
    more: { modifiers?: number; windowsVirtualKeyCode?: number } = {},
  ) => {
    await session.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, ...more });
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code, ...more });
  };

  await test.step('after a menu choice it is on the canvas, and Ctrl+Enter opens no menu', async () => {
    await app.menu('View', 'Zoom to fit');
    await expect(app.canvas).toBeFocused();
    await page.getByRole('menuitem', { name: 'View', exact: true }).focus();
    await keyboard.press('ControlOrMeta+Enter');
    await expect(page.getByRole('menu')).toHaveCount(0);
    await keyboard.press('Enter');
    await expect(page.getByRole('menu')).toHaveCount(1);
    await keyboard.press('Escape');
    await expect(page.getByRole('menu')).toHaveCount(0);
  });
  await test.step('a dialog begins at its first field, and gives the focus back', async () => {
    await app.object('sheep').focus();
    await keyboard.press('r');
    await expect(dialog.getByRole('combobox', { name: 'Subject' })).toBeFocused();
    await keyboard.press('Escape');
    await expect(app.object('sheep')).toBeFocused();
    await keyboard.press('?');
    await expect(dialog).toBeFocused();
    await keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  });
  await test.step('it never falls to the body', async () => {
    await app.object('sheep').focus();
    await keyboard.press('Delete');
    await expect(app.objects).toHaveCount(2);
    await expect(app.canvas).toBeFocused();
    await keyboard.press('ControlOrMeta+z');
    await page.getByRole('complementary', { name: 'Picture' }).click({ position: { x: 3, y: 3 } });
    await expect(page.locator(':focus')).toHaveCount(1);
  });
  await test.step('a drag with Shift selects no text', async () => {
    await page.getByText('History', { exact: true }).click();
    const { x, y, width, height } = await app.boxOf(app.canvas);
    await mouse.move(x + 8, y + 8);
    await keyboard.down('Shift');
    await mouse.down();
    await mouse.move(x + width - 8, y + height - 8, { steps: 6 });
    await mouse.up();
    await keyboard.up('Shift');
    expect(await page.evaluate(() => String(getSelection()))).toBe('');
    await keyboard.press('Escape');
  });
  await test.step('letters are where they are on Russian, Greek and Hebrew keyboards', async () => {
    for (const key of ['т', 'ν', 'מ']) {
      await press(key, 'KeyN');
      await expect(dialog).toHaveAccessibleName('Add object');
      await keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
    }
    await press('л', 'KeyK', { modifiers: 2 });
    await expect(dialog).toHaveAccessibleName('Commands');
    await keyboard.press('Escape');
  });
  await test.step('the Enter that ends a composition chooses and inserts nothing', async () => {
    const composed = () => press('Enter', 'Enter', { windowsVirtualKeyCode: 229 });
    await keyboard.press('t');
    await dialog.getByRole('textbox', { name: 'Sentence' }).fill('a dog on grass');
    await composed();
    await expect(dialog).toBeVisible();
    await keyboard.press('Escape');
    await app.object('sheep').focus();
    await keyboard.press('F2');
    await dialog.getByRole('combobox').fill('tree');
    await expect(dialog.getByRole('option', { selected: true })).toHaveText(/^tree/);
    await composed();
    // The Escape that ends a composition is the input method's, too.
    await press('Escape', 'Escape', { windowsVirtualKeyCode: 229 });
    await expect(dialog.getByRole('combobox')).toHaveValue('tree');
    await keyboard.press('Escape');
    await expect(app.object('sheep')).toBeFocused();
    await page.getByRole('searchbox', { name: 'Search the palette' }).fill('tree');
    await composed();
    await expect(app.objects).toHaveCount(3);
  });
});
