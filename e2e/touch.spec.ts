import type { CDPSession, Locator, Page } from '@playwright/test';
import { graphOf, meadow } from './app/graph-files.ts';
import { expect, type Sgraffito, test } from './app/sgraffito.ts';

test.use({ viewport: { width: 768, height: 1024 }, hasTouch: true, isMobile: true });

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Fingers as the browser gets them from a screen: one list of places per moment. */
async function touch(page: Page, moments: readonly (readonly Point[])[]): Promise<void> {
  const session: CDPSession = await page.context().newCDPSession(page);
  for (const [i, touchPoints] of moments.entries()) {
    await session.send('Input.dispatchTouchEvent', {
      type: i === 0 ? 'touchStart' : 'touchMove',
      touchPoints: touchPoints.map((point, id) => ({ ...point, id })),
    });
  }
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await session.detach();
}

/** One finger from a place to another. */
const stroke = (from: Point, to: Point): Point[][] =>
  Array.from({ length: 13 }, (_, i) => [
    { x: from.x + ((to.x - from.x) * i) / 12, y: from.y + ((to.y - from.y) * i) / 12 },
  ]);

async function middleOf(app: Sgraffito, element: Locator): Promise<Point> {
  const { x, y, width, height } = await app.boxOf(element);
  return { x: x + width / 2, y: y + height / 2 };
}

async function open(app: Sgraffito, graph: object, greeted = false): Promise<void> {
  await app.visit({ greeted });
  if (greeted) await expect(app.picture).toBeVisible();
  await app.openFile('graph.json', JSON.stringify(graph));
  await expect(app.object('sheep')).toBeVisible();
}

test('objects come from the palette, which leaves history and canvas in reach', async ({ app, page }) => {
  await app.visit();
  await app.newGraph();
  await page.getByRole('button', { name: 'Palette' }).tap();
  for (const label of ['dog', 'cat']) {
    await page.getByRole('button', { name: `Add ${label}` }).tap();
    await expect(app.object(label)).toBeVisible();
  }
  const palette = await app.boxOf(page.getByRole('complementary', { name: 'Palette' }));
  const history = await app.boxOf(app.history);
  expect(palette.y + palette.height).toBeLessThanOrEqual(history.y + 1);
  await page.getByRole('button', { name: 'Palette' }).tap();
  await expect(page.getByRole('complementary', { name: 'Palette' })).toBeHidden();
  await app.object('dog').tap();
  await expect(app.object('dog')).toHaveAttribute('aria-pressed', 'true');
  for (const tool of await app.canvas.getByRole('toolbar').getByRole('button').all()) {
    const { width, height } = await app.boxOf(tool);
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(38);
  }
});

test('a finger moves the paper, an object, and draws a relation', async ({ app, page }) => {
  await open(app, graphOf(['sheep', 'tree']));
  const canvas = await app.boxOf(app.canvas);
  const start = await middleOf(app, app.object('sheep'));

  await test.step('the paper', async () => {
    const from = { x: canvas.x + canvas.width / 2, y: canvas.y + canvas.height * 0.8 };
    await touch(page, stroke(from, { x: from.x + 20, y: from.y - 160 }));
    await expect.poll(async () => (await middleOf(app, app.object('sheep'))).y).toBeLessThan(start.y - 120);
    await expect(app.canvas.getByRole('button', { pressed: true })).toHaveCount(0);
  });

  await test.step('an object', async () => {
    const from = await middleOf(app, app.object('tree'));
    await touch(page, stroke(from, { x: from.x - 30, y: from.y + 150 }));
    await expect.poll(async () => (await middleOf(app, app.object('tree'))).y).toBeGreaterThan(from.y + 120);
  });

  await test.step('a relation', async () => {
    await app.object('sheep').tap();
    await expect(app.object('sheep')).toHaveAttribute('aria-pressed', 'true');
    const grip = await middleOf(app, app.object('sheep').locator('.grip').nth(2));
    await touch(page, stroke(grip, await middleOf(app, app.object('tree'))));
    await app.answer('above');
    await expect(app.relation('sheep above tree')).toBeVisible();
  });
});

test('two fingers zoom', async ({ app, page }) => {
  await open(app, meadow, true);
  const before = await app.boxOf(app.object('sheep'));
  const canvas = await app.boxOf(app.canvas);
  const [x, y] = [canvas.x + canvas.width / 2, canvas.y + canvas.height * 0.75];
  const apart = (by: number): Point[] => [
    { x: x - by, y },
    { x: x + by, y },
  ];
  await touch(page, [30, 40, 50, 60, 70, 80, 90].map(apart));
  await expect.poll(async () => (await app.boxOf(app.object('sheep'))).width).toBeGreaterThan(before.width * 1.4);

  await test.step('the picture too, where it is looked at whole', async () => {
    await page.getByRole('button', { name: 'Look at it whole' }).tap();
    const zoom = page.getByRole('status', { name: 'Zoom' });
    await expect(zoom).toHaveText('100 %');
    await touch(page, [30, 45, 60, 75, 90].map(apart));
    await expect(zoom).toHaveText('300 %');
    const { x: from } = await app.boxOf(app.picture);
    await touch(page, stroke({ x: 300, y: 500 }, { x: 360, y: 500 }));
    await expect.poll(async () => Math.round((await app.boxOf(app.picture)).x - from)).toBe(60);
    await page.getByRole('button', { name: 'Close', exact: true }).tap();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
});

test('a finger that rests on an edge offers what can be done with it', async ({ app, page }) => {
  await open(app, meadow);
  const label = await middleOf(app, app.relation('sheep left of tree'));
  const session = await page.context().newCDPSession(page);
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [label] });
  await expect(page.getByRole('menuitem', { name: /Swap subject and object/ })).toBeVisible();
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await page.getByRole('menuitem', { name: /Swap subject and object/ }).tap();
  await expect(app.relation('tree left of sheep')).toBeVisible();
});
