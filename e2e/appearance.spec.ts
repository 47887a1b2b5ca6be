import type { Page } from '@playwright/test';
import { expectAccessible } from './app/accessibility.ts';
import { meadow } from './app/graph-files.ts';
import { expect, type Sgraffito, test } from './app/sgraffito.ts';

async function paintTwo(app: Sgraffito): Promise<void> {
  await app.openFile('meadow.json', JSON.stringify(meadow));
  await app.set('Steps', 1);
  await app.generate();
  await app.pressTool('sheep left of tree', 'Opposite');
  await app.generate();
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, reducedMotion: 'reduce' });

    test(`axe finds no fault in any state, ${colorScheme}`, async ({ app, page }) => {
      await app.open();
      await expectAccessible(page, 'first visit', { whole: true });
      await paintTwo(app);
      await expectAccessible(page, 'painted, an edge in hand');
      // The toolbar of the edge in hand may lie over the object.
      await app.canvas.click({ position: { x: 12, y: 12 } });
      await app.object('sheep').click();
      await expectAccessible(page, 'an object in hand');
      for (const view of ['Side by side', 'Slider', 'Difference']) {
        await page.getByRole('radio', { name: view }).click();
        await expectAccessible(page, view);
      }
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectAccessible(page, 'shortcuts');
      await page.keyboard.press('Escape');
      await page.keyboard.press('ControlOrMeta+k');
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectAccessible(page, 'command palette');
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
}

for (const [width, height] of [
  [768, 1024],
  [1024, 700],
  [1280, 800],
  [1920, 1080],
] as const) {
  test(`nothing overflows at ${width} pixels`, async ({ app, page }) => {
    await page.setViewportSize({ width, height });
    await app.open();
    await paintTwo(app);
    await page.getByRole('radio', { name: 'Side by side' }).click();
    expect(await overflowing(page)).toEqual([]);
    for (const name of ['Generate', 'Export PNG', 'Keyboard shortcuts']) {
      await expect(page.getByRole('button', { name })).toBeInViewport({ ratio: 1 });
    }
  });
}

/** Elements that hang over the right edge of the window, beside those inside something that scrolls or clips on purpose. */
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
    const scrolls = root.scrollWidth > root.clientWidth ? [`the page: ${root.scrollWidth} px`] : [];
    return [...scrolls, ...beyond.map((element) => element.outerHTML.slice(0, 120))];
  });
}
