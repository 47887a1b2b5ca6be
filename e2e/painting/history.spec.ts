/** Many pictures: named, compared, saved together, cleaned up. */
import { unzipSync } from 'fflate';
import { gifFrames } from '#editor/files/branch/gif-frames.fixture.ts';
import { expectAccessible } from '../app/accessibility.ts';
import { graphOf } from '../app/graph-files.ts';
import { expect, test } from '../app/sgraffito.ts';

const meadow = graphOf(['sheep', 'tree', 'grass'], [[0, 'left of', 1]]);

test('pictures get names, show where they came from, are compared, saved as a ZIP and cleaned up', async ({
  app,
  page,
}) => {
  test.slow();
  await app.open();
  await app.openFile('meadow.json', JSON.stringify(meadow));
  await app.set('Steps', 1);
  for (const seed of [1, 2]) {
    await app.set('Seed', seed);
    await app.generate();
  }
  const items = app.history.getByRole('listitem');

  await test.step('a name stays across a reload', async () => {
    await items.last().hover();
    await app.history.getByRole('button', { name: 'Name seed 1' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('First try');
    await page.keyboard.press('Enter');
    await expect(app.history.getByRole('button', { name: /^Restore First try, seed 1:/ })).toBeVisible();
    await page.reload();
    await app.ready();
    await expect(app.history.getByText('First try')).toBeVisible();
  });

  await test.step('a picture made from an older one says so', async () => {
    await app.history.getByRole('button', { name: /^Restore First try/ }).click();
    await app.choosePredicate('sheep left of tree', 'right of');
    await app.set('Seed', 3);
    await app.set('Steps', 1);
    await app.generate();
    await expect(items.first().getByRole('button', { name: /^Restore seed 3:.*made from First try$/ })).toBeVisible();
  });

  await test.step('as a tree, each picture hangs from the one it was made from, by what changed; a branch is gone along', async () => {
    const tree = page.getByRole('tree');
    const item = (name: string | RegExp) => tree.getByRole('treeitem', { name, exact: true });
    await page.keyboard.press('Escape');
    await app.canvas.focus();
    await page.keyboard.press('h');
    await expect(tree.getByRole('treeitem')).toHaveCount(3);
    // First try ─ seed 2, and from it again the turned edge.
    await expect(item('First try: sheep left of tree; grass')).toHaveAttribute('aria-level', '1');
    await expect(item('seed 2: seed 1 → 2')).toHaveAttribute('aria-setsize', '2');
    const turned = item('seed 3: left of → right of, seed 1 → 3');
    await expect(turned).toHaveAttribute('aria-selected', 'true');
    await expect(tree.getByText('left of → right of')).toBeVisible();
    await expectAccessible(page, 'history as a tree');
    const slider = page.getByRole('slider', { name: 'Along the branch' });
    await expect(slider).toHaveAttribute(
      'aria-valuetext',
      '2 of 2: sheep left of tree → sheep right of tree, seed 1 → 3',
    );
    await turned.focus();
    await page.keyboard.press('ArrowLeft');
    await expect(item(/^First try/)).toBeFocused();
    await expect(item(/^First try/)).toHaveAttribute('aria-selected', 'true');
    await expect(app.picture).toHaveAccessibleName(/sheep left of tree/);
    // What is only looked at changes nothing on the canvas.
    await expect(app.relation('sheep right of tree')).toBeVisible();
    await page.keyboard.press('ArrowRight');
    await expect(turned).toBeFocused();
    await slider.fill('1');
    await expect(item(/^First try/)).toHaveAttribute('aria-selected', 'true');
    await slider.fill('2');
    await expect(app.picture).toHaveAccessibleName(/sheep right of tree/);
  });

  await test.step('a branch is handed out as a page and as a GIF', async () => {
    const exported = async (name: string) =>
      app.downloaded(async () => {
        await page.getByRole('button', { name: 'Export branch' }).click();
        await page.getByRole('menuitem', { name }).click();
      });
    expect(gifFrames(await exported('Animated GIF'))).toEqual([
      { width: 512, height: 568, delay: 1600 },
      { width: 512, height: 568, delay: 3200 },
    ]);
    const lesson = await page.context().newPage();
    await lesson.setContent((await exported('Page with pictures, graphs and changes')).toString('utf8'));
    await expect(lesson.getByRole('heading', { level: 1 })).toHaveText('meadow');
    await expect(
      lesson.getByRole('listitem').filter({ hasText: 'sheep left of tree → sheep right of tree' }),
    ).not.toHaveCount(0);
    const pictures = lesson.getByRole('img', { name: /^Picture of: / });
    await expect(pictures).toHaveCount(2);
    for (const picture of await pictures.all()) await expect(picture).toHaveJSProperty('naturalWidth', 256);
    await expect(lesson.locator('svg')).toHaveCount(2);
    await expect(lesson.locator('script')).toHaveCount(0);
    await lesson.close();
    await page.keyboard.press('h');
    await expect(page.getByRole('tree')).toHaveCount(0);
  });

  await test.step('any two are compared, and the change is named', async () => {
    await items.nth(1).hover();
    await app.history.getByRole('button', { name: 'Compare seed 2 with the picture on screen' }).click();
    await expect(page.getByRole('radio', { name: 'Side by side' })).toBeChecked();
    await expect(app.picture).toHaveCount(2);
    await expect(page.getByText('sheep left of tree → sheep right of tree')).toBeVisible();
    await page.getByRole('radio', { name: 'Picture', exact: true }).click();
  });

  await test.step('a picture is looked at whole: closer, on through the history, compared', async () => {
    const whole = page.getByRole('dialog');
    const zoom = whole.getByRole('status', { name: 'Zoom' });
    const place = whole.getByRole('status', { name: 'Place in the history' });
    const shown = () => app.picture.boundingBox().then((box) => ({ ...box, x: Math.round(box?.x ?? 0) }));
    await app.canvas.focus();
    await page.keyboard.press('Space');
    await expect(place).toHaveText('1 of 3');
    const small = await shown();
    expect(small.height).toBeGreaterThan(650);
    for (const key of ['+', '+', '+', '+']) await page.keyboard.press(key);
    await expect(zoom).toHaveText('506 %');
    // 17 screen pixels to one of the picture's.
    await expect(app.picture).toHaveCSS('image-rendering', 'pixelated');
    const { x } = await shown();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(async () => (await shown()).x).toBeGreaterThan(x);
    await expect(place).toHaveText('1 of 3');
    const { x: at } = await shown();
    await page.mouse.move(640, 400);
    await page.mouse.down();
    await page.mouse.move(560, 400, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await shown()).x).toBe(at - 80);
    await page.mouse.wheel(0, 5000);
    await expect(zoom).toHaveText('100 %');
    await page.keyboard.press('ArrowRight');
    await expect(place).toHaveText('2 of 3');
    await expect(whole.getByRole('heading')).toHaveText('Seed 2');
    await whole.getByRole('radio', { name: 'Slider' }).click();
    await expect(whole.getByText('sheep right of tree → sheep left of tree')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(whole).toHaveCount(0);
    await expect(app.canvas).toBeFocused();
    await page.getByRole('radio', { name: 'Picture', exact: true }).click();
    await page.locator('.stage').dblclick();
    await expect(place).toHaveText('2 of 3');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Escape');
    await test.step('held, Space moves the canvas', async () => {
      await app.canvas.focus();
      await page.keyboard.down('Space');
      await page.mouse.move(500, 600);
      await page.mouse.down();
      await page.mouse.move(540, 600, { steps: 3 });
      await page.mouse.up();
      await page.keyboard.up('Space');
      await expect(whole).toHaveCount(0);
    });
  });

  await test.step('all are saved in one file', async () => {
    await app.history.getByRole('button', { name: 'Manage' }).click();
    await expect(page.getByRole('progressbar', { name: 'Storage used' })).toBeVisible();
    const zip = await app.downloaded(() => page.getByRole('button', { name: /^Save all as ZIP/ }).click());
    const files = Object.keys(unzipSync(new Uint8Array(zip))).sort();
    expect(files).toEqual(['1-seed-1-first-try.png', '2-seed-2.png', '3-seed-3.png', 'index.json']);
  });

  await test.step('a clean-up keeps what has a name and what is on screen, and can be undone', async () => {
    await page.getByRole('radio', { name: /^All/ }).click();
    await page.getByRole('button', { name: 'Delete 1 picture' }).click();
    await page.keyboard.press('Escape');
    await expect(items).toHaveCount(2);
    await expect(app.history.getByRole('button', { name: /^Restore seed 2:/ })).toHaveCount(0);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await expect(items).toHaveCount(3);
    await page.reload();
    await expect(items).toHaveCount(3);
  });
});
