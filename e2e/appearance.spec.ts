import type { Page } from '@playwright/test';
import { expectAccessible } from './app/accessibility.ts';
import { lawn, meadow } from './app/graph-files.ts';
import { expect, type Sgraffito, test } from './app/sgraffito.ts';

async function paintTwo(app: Sgraffito): Promise<void> {
  await app.openFile('meadow.json', JSON.stringify(meadow));
  await app.set('Steps', 1);
  await app.generate();
  await app.pressTool('sheep left of tree', 'Opposite');
  await app.generate();
}

test.describe('by eye and by ear', () => {
  test.use({ reducedMotion: 'reduce' });

  test('axe finds no fault in any state, light and dark', async ({ app, page }) => {
    await app.open();
    await expectAccessible(page, 'first visit', { whole: true });
    await paintTwo(app);
    await expectAccessible(page, 'painted, an edge in hand');
    // The toolbar of the edge in hand may lie over the object.
    await app.canvas.click({ position: { x: 12, y: 12 } });
    await app.select('sheep');
    await expectAccessible(page, 'an object in hand');
    await page.keyboard.press('F2');
    await expect(page.getByRole('dialog', { name: 'Relabel sheep' })).toBeVisible();
    await expectAccessible(page, 'a new label for it');
    await page.keyboard.press('Escape');
    await page.keyboard.press('p');
    await expect(page.getByRole('region', { name: 'Graph on its picture' })).toBeVisible();
    await app.object('sheep').press('ArrowLeft');
    await expect(page.getByRole('status', { name: 'What letting go changes' })).toBeVisible();
    await expectAccessible(page, 'on its picture, a thing in hand');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Escape');
    await expect(page.getByRole('region', { name: 'Graph on its picture' })).toHaveCount(0);
    for (const view of ['Side by side', 'Slider', 'Difference']) {
      await page.getByRole('radio', { name: view }).click();
      await expectAccessible(page, view);
    }
    await page.getByRole('button', { name: 'Look at it whole' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, 'the difference, whole');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, 'shortcuts');
    await page.keyboard.press('Escape');
    await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, 'command palette');
    await page.keyboard.press('Escape');
    await app.openFile('lawn.json', JSON.stringify(lawn));
    await app.set('Steps', 2);
    await app.set('Seed', 9);
    await app.generate();
    await app.object('dog').getByTitle('Press to repair').click();
    const repair = page.getByRole('dialog').getByRole('status', { name: 'Repair' });
    await expect(repair).toHaveText(/^Found after/, { timeout: 120_000 });
    await expectAccessible(page, 'repaired');
    await page.keyboard.press('Escape');
    await app.newGraph();
    await expectAccessible(page, 'empty canvas');
    await page.keyboard.press('n');
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, 'asking for a label');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Generate' }).click();
    await expect(app.complaints).toHaveCount(1);
    await expectAccessible(page, 'a complaint');
  });
});

test('nothing overflows from 768 to 1920 pixels', async ({ app, page }) => {
  await app.open();
  await paintTwo(app);
  for (const [width, height] of [
    [768, 1024],
    [1024, 700],
    [1280, 800],
    [1920, 1080],
  ] as const) {
    await test.step(`${width} × ${height}`, async () => {
      await page.setViewportSize({ width, height });
      const view = page.getByRole('radiogroup', { name: 'View' });
      await view.getByRole('radio', { name: 'Picture' }).click();
      const stage = page.locator('.stage');
      if (width === 1920) await expect.poll(async () => (await app.boxOf(stage)).width).toBeGreaterThan(480);
      await view.getByRole('radio', { name: 'Side by side' }).click();
      expect(await overflowing(page)).toEqual([]);
      await page.getByRole('button', { name: 'Look at it whole' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await overflowing(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
      for (const name of ['Generate', 'Export PNG', 'Keyboard shortcuts']) {
        await expect(page.getByRole('button', { name })).toBeInViewport({ ratio: 1 });
      }
    });
  }
});

test('with little room, large letters, colours of the reader and on paper everything is in reach', async ({
  app,
  page,
}) => {
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const side = page.getByRole('radiogroup', { name: 'What is shown' });
  await page.setViewportSize({ width: 390, height: 844 });
  await app.visit();
  await app.openFile('meadow.json', JSON.stringify(meadow));
  await expect(app.objects).toHaveCount(3);

  for (const [width, height] of [
    [390, 844],
    // 1280 × 800 at 200 %.
    [640, 400],
  ] as const) {
    await test.step(`the graph or the picture at ${width} × ${height}`, async () => {
      await page.setViewportSize({ width, height });
      await page.keyboard.press('f');
      await expect(app.object('sheep')).toBeInViewport();
      await expect(button('Generate')).toBeHidden();
      expect(await overflowing(page)).toEqual([]);
      for (const name of ['File', 'Edit', 'Picture', 'View', 'Examples']) {
        await expect(page.getByRole('menuitem', { name, exact: true })).toBeInViewport({ ratio: 1 });
      }
      await expect(app.history).toBeInViewport({ ratio: 1 });
      await side.getByRole('radio', { name: 'Picture' }).click();
      await button('Generate').scrollIntoViewIfNeeded();
      await expect(button('Generate')).toBeInViewport({ ratio: 1 });
      await expect(app.canvas).toBeHidden();
      expect(await overflowing(page)).toEqual([]);
    });
    await test.step('the palette brings the canvas along, Escape closes it', async () => {
      await button('Palette').click();
      await page.getByRole('searchbox', { name: 'Search the palette' }).fill('tre');
      await page.getByRole('button', { name: 'Add tree' }).click();
      await expect(app.canvas).toBeVisible();
      await page.getByRole('searchbox', { name: 'Search the palette' }).press('Escape');
      await expect(page.getByRole('complementary', { name: 'Palette' })).toBeHidden();
      await expect(button('Palette')).toBeFocused();
    });
    await test.step('what is painted shows the picture, what is asked of the graph the graph', async () => {
      const panel = page.getByRole('complementary', { name: 'Picture' });
      await app.object('sheep').focus();
      await page.keyboard.press('ControlOrMeta+Enter');
      await expect(button('Generate')).toBeVisible();
      await expect(panel).toBeFocused();
      await app.menu('View', 'Zoom to fit');
      await expect(panel).toBeFocused();
      await page.keyboard.press('n');
      await expect(app.canvas).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(app.canvas).toBeFocused();
    });
  }
  await page.setViewportSize({ width: 1280, height: 800 });

  await test.step('colours of the reader show what is chosen', async () => {
    await page.emulateMedia({ forcedColors: 'active' });
    await page.keyboard.press('f');
    await app.select('sheep');
    await expect(app.object('sheep').locator('.node')).toHaveCSS('outline-style', 'solid');
    await expect(app.object('grass').locator('.node')).toHaveCSS('outline-style', 'none');
    await page.emulateMedia({ forcedColors: 'none' });
  });
  await test.step('paper has picture and graph, and nothing to press', async () => {
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    // As wide as A4 between its margins.
    await page.setViewportSize({ width: 672, height: 1000 });
    await page.emulateMedia({ media: 'print' });
    for (const shown of [page.locator('.stage'), app.object('sheep')]) await expect(shown).toBeVisible();
    for (const gone of [app.history, button('Generate'), page.getByRole('menubar')]) await expect(gone).toBeHidden();
    // Wherever the view was on the screen, a small graph is whole and on the picture's page.
    await page.keyboard.press('+');
    expect((await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    for (const object of await app.objects.all()) await expect(object).toBeInViewport({ ratio: 1 });
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize({ width: 1280, height: 800 });
  });
  await test.step('the picture’s side is as wide as wished, also at the next visit', async () => {
    const edge = page.getByRole('separator', { name: /^Width of the picture/ });
    const panel = page.getByRole('complementary', { name: 'Picture' });
    const before = Math.round((await app.boxOf(panel)).width);
    await expect(edge).toHaveAttribute('aria-valuenow', String(before));
    await edge.press('ArrowLeft');
    await expect(edge).toHaveAttribute('aria-valuenow', String(before + 16));
    const { x, y, height } = await app.boxOf(edge);
    await page.mouse.move(x + 5, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(700, y + height / 2, { steps: 4 });
    await page.mouse.up();
    await expect(edge).toHaveAttribute('aria-valuenow', '580');
    await page.reload();
    await expect(edge).toHaveAttribute('aria-valuenow', '580');
    expect(await overflowing(page)).toEqual([]);
    await edge.dblclick();
    await expect(edge).toHaveAttribute('aria-valuenow', String(before));
  });
  await test.step('letters of twice the size', async () => {
    await page.addStyleTag({ content: ':root { font-size: 200% }' });
    expect(await overflowing(page)).toEqual([]);
    await expect(button('Generate')).toBeInViewport({ ratio: 1 });
  });
});

/** Elements that hang over the right edge of the window, beside those inside something that scrolls or clips on purpose; and a page that scrolls. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const clips = (element: Element): boolean => {
      for (let parent = element.parentElement; parent && parent !== root; parent = parent.parentElement) {
        if (getComputedStyle(parent).overflowX !== 'visible') return true;
      }
      return false;
    };
    const beyond = [...document.body.querySelectorAll('*')].filter(
      (element) => element.getBoundingClientRect().right > root.clientWidth + 1 && !clips(element),
    );
    const isScrolled = root.scrollWidth > root.clientWidth || root.scrollHeight > root.clientHeight;
    const scrolls = isScrolled ? [`the page: ${root.scrollWidth} × ${root.scrollHeight} px`] : [];
    return [...scrolls, ...beyond.map((element) => element.outerHTML.slice(0, 120))];
  });
}
