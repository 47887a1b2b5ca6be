/** What users wait for, in headless Chromium against the production build: opening the page, a picture, and a large graph under the hand. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import { canSandbox, findChromium } from '../../app/chromium.ts';
import { Sgraffito } from '../../app/sgraffito.ts';
import { measureCanvas } from './canvas.ts';
import { type Effort, type Figure, figure } from './figures.ts';
import { paintingFigures } from './painting.ts';

const root = join(import.meta.dirname, '../../..');

/** Opening the page, and a picture. */
export const measureChromium = (effort: Effort): Promise<Figure[]> =>
  withApp(async (browser, url) => [
    ...(await measureOpening(browser, url, effort)),
    ...(await measurePictures(browser, url, effort)),
  ]);

/** A large graph under the hand; a short form would show nothing that a spec does not. */
export const measureLargeGraph = async ({ isQuick }: Effort): Promise<Figure[]> =>
  isQuick ? [] : withApp(measureCanvas);

/** The production build, served, and a browser. @returns no figures where there is none */
async function withApp(measure: (browser: Browser, url: string) => Promise<Figure[]>): Promise<Figure[]> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    process.stderr.write('No Chrome or Chromium is here to measure in: npx tsx e2e/commands/ensure-chromium.ts\n');
    return [];
  }
  const outDir = await mkdtemp(join(tmpdir(), 'sgraffito-bench-'));
  const input = ['index.html', 'e2e/commands/bench/page.html'].map((page) => join(root, page));
  await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true, rolldownOptions: { input } } });
  const server = await preview({ root, logLevel: 'error', build: { outDir }, preview: { port: 0 } });
  const chromiumSandbox = canSandbox(executablePath);
  const browser = await chromium.launch({ executablePath, chromiumSandbox, args: ['--disable-gpu'] });
  try {
    return await measure(browser, server.resolvedUrls?.local[0] ?? '');
  } finally {
    await browser.close();
    await server.close();
    await rm(outDir, { recursive: true });
  }
}

/** From the address to a Generate that can be pressed, with nothing kept and with what the first visit kept; then two pictures. */
async function measureOpening(browser: Browser, url: string, { rounds, isQuick }: Effort): Promise<Figure[]> {
  const visits = Math.min(rounds, 5);
  const times: Record<'first' | 'second' | 'picture' | 'next', number[]> = {
    first: [],
    second: [],
    picture: [],
    next: [],
  };
  const memory: number[] = [];
  for (let visit = 0; visit < visits; visit++) {
    const context = await browser.newContext({ baseURL: url });
    const page = await context.newPage();
    const app = new Sgraffito(page);
    await app.start({ greeted: true, model: '' });
    times.first.push(await millisecondsUntilReady(page));
    await page.reload();
    times.second.push(await millisecondsUntilReady(page));
    if (isQuick) await page.getByRole('spinbutton', { name: 'Steps', exact: true }).fill('2');
    const pictures = app.history.getByRole('listitem');
    await pictures.first().waitFor(); // the start graph's, which comes with the app
    for (const [i, of] of [times.picture, times.next].entries()) {
      const start = performance.now();
      await page.getByRole('button', { name: 'Generate' }).click();
      await pictures.nth(i + 1).waitFor({ timeout: 600_000 });
      of.push(performance.now() - start);
    }
    if (!isQuick) memory.push(await megabytesOf(page));
    await context.close();
  }
  return [
    figure('Chromium: from opening the page to can paint, first visit', 'ms', times.first),
    figure('Chromium: the same, second visit', 'ms', times.second),
    figure('Chromium: from Generate to the first picture, with previews', 'ms', times.picture),
    figure('Chromium: to the next one', 'ms', times.next),
    ...(memory.length > 0 ? [figure('Chromium: memory of page and worker after it', 'MB', memory)] : []),
  ];
}

/** Since the page began to be fetched. */
async function millisecondsUntilReady(page: Page): Promise<number> {
  const generate = page.getByRole('button', { name: 'Generate' }).and(page.locator(':enabled'));
  await generate.waitFor({ timeout: 600_000 });
  return page.evaluate(() => performance.now());
}

/** With the worker and WebAssembly, as the browser counts after a collection of garbage. */
function megabytesOf(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const measuring = performance as unknown as { measureUserAgentSpecificMemory(): Promise<{ bytes: number }> };
    return (await measuring.measureUserAgentSpecificMemory()).bytes / 1e6;
  });
}

async function measurePictures(browser: Browser, url: string, { rounds, isQuick }: Effort): Promise<Figure[]> {
  const page = await browser.newPage();
  await page.goto(`${url}e2e/commands/bench/page.html`);
  await page.waitForFunction(() => 'timePictures' in window);
  const wish = { model: `${url}models/picturebook/`, rounds, steps: isQuick ? 2 : undefined };
  const pictures = await page.evaluate(
    ({ model, ...rest }) => window.timePictures(model, rest.rounds, rest.steps),
    wish,
  );
  await page.close();
  return paintingFigures('Chromium', pictures);
}
