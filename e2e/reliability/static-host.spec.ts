import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { contrast } from '../app/pixels.ts';
import { expect, test } from '../app/sgraffito.ts';
import { type StaticHost, serveFolder } from '../app/static-host.ts';

const dist = join(import.meta.dirname, '../../dist');

test.describe('on any static host, in any folder', () => {
  test.use({ serviceWorkers: 'allow' });
  let host: StaticHost;
  test.beforeEach(async () => {
    host = await serveFolder(dist, '/some/deep/folder/');
  });
  test.afterEach(() => host.close());

  test('paints with threads, and after the first visit without a network', async ({ app, page, context }) => {
    await app.open({ path: host.url });
    // The service worker isolates the page: one reload, and threads may be used.
    await expect(app.status).toContainText('threads', { timeout: 60_000 });
    await app.ready();
    await app.set('Steps', 2);
    await app.generate();
    const online = await app.picturePixels();
    expect(contrast(online)).toBeGreaterThan(8);
    await expect(page.getByRole('button', { name: 'Add sheep' }).locator('[data-sprite="true"]')).toBeVisible();
    await expect.poll(() => filesNotKept(page), { timeout: 60_000 }).toEqual([]);
    const pictures = app.history.getByRole('listitem');
    const painted = await pictures.count();

    await host.close();
    await context.setOffline(true);
    await app.open({ path: host.url });
    await expect(page.getByRole('button', { name: 'Add sheep' }).locator('[data-sprite="true"]')).toBeVisible();
    await app.generate();
    expect((await app.picturePixels()).data).toEqual(online.data);
    await expect(pictures).toHaveCount(painted + 1);
  });
});

/** Build files that the service worker has not stored yet. */
function filesNotKept(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const names = (await (await fetch('build-files.json')).json()) as string[];
    const kept = await Promise.all(names.map(async (name) => (await caches.match(name)) !== undefined));
    return names.filter((_, i) => !kept[i]);
  });
}

test('the first screen needs at most 350 kB of JavaScript, gzipped', async () => {
  const html = await readFile(join(dist, 'index.html'), 'utf8');
  const scripts = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? '');
  expect(scripts.length).toBeGreaterThan(0);
  const sizes = await Promise.all(scripts.map(async (path) => gzipSync(await readFile(join(dist, path))).length));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(350_000);
});
