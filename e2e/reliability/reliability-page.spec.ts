/** The page never goes white: each fault is caused for real. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { graphOf } from '../app/graph-files.ts';
import { makeRelease } from '../app/release.ts';
import { expect, Sgraffito, test } from '../app/sgraffito.ts';
import { type StaticHost, serveFolder } from '../app/static-host.ts';

const dist = join(import.meta.dirname, '../../dist');

test('a part that a new release took away says so, and the graph is kept', async ({ app, page, file }) => {
  const host = await serveFolder(dist, '/app/');
  await makeRelease(dist, file('release'));
  // A page that never rests fetches nothing ahead.
  await page.addInitScript(() => {
    window.requestIdleCallback = () => 0;
  });
  await app.start({ path: host.url });
  await app.openFile('cat.json', JSON.stringify(graphOf(['cat', 'dog'])));
  await expect(app.object('cat')).toBeVisible();
  host.folder = file('release');
  for (const key of ['t', 'n', '/', 'g', '?', 'l']) {
    await test.step(`key ${key}`, async () => {
      await page.keyboard.press(key);
      await expect(app.complaints).toHaveText(/A new version is here: reload the page, your graph is kept/);
      await expect(app.object('cat')).toBeVisible();
      await app.dismissComplaint();
    });
  }
  await test.step('without a network', async () => {
    await host.close();
    await app.menu('File', 'Save canvas as SVG');
    await expect(app.complaints).toHaveText(/there is no network/);
  });
});

test('a page whose text was wrapped by a translator paints, or is drawn again', async ({ app, page }) => {
  await app.open();
  await app.openFile('cat.json', JSON.stringify(graphOf(['cat'])));
  await expect(app.object('cat')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('translate', 'no');
  await app.set('Steps', 2);
  // What browsers' translators do to every text, where they ignore that attribute.
  await page.evaluate(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const all: Node[] = [];
    while (texts.nextNode()) all.push(texts.currentNode);
    for (const text of all) {
      const font = document.createElement('font');
      text.parentNode?.replaceChild(font, text);
      font.append(text);
    }
  });
  await page.getByRole('button', { name: 'Generate' }).click();
  await expect(page.getByRole('heading', { name: 'The page could not be drawn' })).toBeVisible();
  await page.getByRole('button', { name: 'Draw it again' }).click();
  await expect(app.object('cat')).toBeVisible();
  await expect(app.history.getByRole('listitem')).toHaveCount(1, { timeout: 120_000 });
});

test.describe('through the service worker', () => {
  test.use({ serviceWorkers: 'allow' });
  let host: StaticHost;
  test.beforeEach(async () => {
    host = await serveFolder(dist, '/app/', { Vary: 'Origin' });
  });
  test.afterEach(() => host.close());

  /** Until every file of the release is in the store. */
  async function kept(page: Page): Promise<void> {
    const missing = () =>
      page.evaluate(async () => {
        const names = (await (await fetch('build-files.json')).json()) as string[];
        const found = await Promise.all(names.map((name) => caches.match(name, { ignoreVary: true })));
        return names.filter((_, i) => !found[i]);
      });
    await expect(async () => expect(await missing()).toEqual([])).toPass({ timeout: 60_000 });
  }

  test('only the app itself is its start page without a network', async ({ app, page, context }) => {
    await app.open({ path: host.url });
    await expect(app.status).toContainText('threads', { timeout: 60_000 });
    await kept(page);
    await page.goto(`${host.url}icon.svg`);
    host.portal = '<!doctype html><title>Wi-Fi</title><h1>Please log in</h1>';
    await page.goto(host.url);
    await expect(page.getByRole('heading', { name: 'Please log in' })).toBeVisible();
    await host.close();
    await context.setOffline(true);
    await app.start({ path: host.url });
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  });

  test('an open page keeps its own files when a new release comes', async ({ app, page, context, file }) => {
    await makeRelease(dist, file('release'));
    await app.open({ path: host.url });
    await expect(app.status).toContainText('threads', { timeout: 60_000 });
    await kept(page);
    host.folder = file('release');
    const newer = new Sgraffito(await context.newPage());
    await newer.open({ path: host.url });
    await kept(newer.page);
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  });

  test('a full store costs nothing but the start without a network', async ({ app, page }) => {
    await page.goto(`${host.url}icon.svg`);
    const session = await page.context().newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(host.url).origin, quotaSize: 1000 });
    await app.open({ path: host.url });
    await expect(app.status).toContainText('threads', { timeout: 60_000 });
    await expect(app.canvas).toBeVisible();
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  });
});
