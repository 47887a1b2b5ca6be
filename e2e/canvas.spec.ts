import type { Locator } from '@playwright/test';
import { graphOf, meadow } from './app/graph-files.ts';
import { contrast, decodePng } from './app/pixels.ts';
import { expect, type Sgraffito, test } from './app/sgraffito.ts';

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
type Box = Awaited<ReturnType<Sgraffito['boxOf']>>;

async function open(app: Sgraffito, graph: object): Promise<void> {
  await app.visit();
  await app.openFile('graph.json', JSON.stringify(graph));
  const { objects } = graph as { objects: readonly unknown[] };
  await expect(app.objects).toHaveCount(objects.length);
}

/** The names of the objects that are selected. */
async function selected(app: Sgraffito): Promise<string[]> {
  const pressed = app.canvas.getByRole('button', { name: /^Object /, pressed: true });
  const names = await pressed.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? ''));
  return names.map((name) => name.replace('Object ', '')).sort();
}

/** Drags a frame on the empty canvas around all of these. */
async function frame(app: Sgraffito, ...around: readonly Locator[]): Promise<void> {
  const boxes = await Promise.all(around.map((each) => app.boxOf(each)));
  const { mouse } = app.page;
  await mouse.move(Math.min(...boxes.map(({ x }) => x)) - 14, Math.min(...boxes.map(({ y }) => y)) - 14);
  await mouse.down();
  const [right, bottom] = [boxes.map(({ x, width }) => x + width), boxes.map(({ y, height }) => y + height)];
  await mouse.move(Math.max(...right) + 8, Math.max(...bottom) + 8, { steps: 8 });
  await mouse.up();
}

/** Three objects on a slope, each of another width. */
const slope = {
  ...graphOf(['sky', 'elephant', 'tree']),
  objects: graphOf(['sky', 'elephant', 'tree']).objects.map((object, i) => ({
    ...object,
    position: { x: [0, 90, 420][i] ?? 0, y: [0, 130, 220][i] ?? 0 },
  })),
};

test('objects are selected by frame and by hand, lined up and spread out', async ({ app, page }) => {
  await open(app, slope);
  await test.step('a frame selects what it touches, Shift adds and takes away, Ctrl+A takes all', async () => {
    await frame(app, app.object('sky'), app.object('elephant'));
    await expect.poll(() => selected(app)).toEqual(['elephant', 'sky']);
    await app.select('tree', { more: true });
    await expect.poll(() => selected(app)).toEqual(['elephant', 'sky', 'tree']);
    await app.object('sky').click({ modifiers: ['Shift'] });
    await expect.poll(() => selected(app)).toEqual(['elephant', 'tree']);
    await page.keyboard.press('Escape');
    await expect.poll(() => selected(app)).toEqual([]);
    await page.keyboard.press('ControlOrMeta+a');
    await expect.poll(() => selected(app)).toEqual(['elephant', 'sky', 'tree']);
  });
  await test.step('a hand that trembles while Shift is held still adds and takes away', async () => {
    const pressTrembling = async (name: string) => {
      const box = await app.boxOf(app.object(name));
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      await page.mouse.move(x, y);
      await page.keyboard.down('Shift');
      await page.mouse.down();
      await page.mouse.move(x + 1, y + 1);
      await page.mouse.up();
      await page.keyboard.up('Shift');
    };
    await page.keyboard.press('Escape');
    await app.select('sky');
    await pressTrembling('elephant');
    await expect.poll(() => selected(app)).toEqual(['elephant', 'sky']);
    await pressTrembling('tree');
    await expect.poll(() => selected(app)).toEqual(['elephant', 'sky', 'tree']);
    await pressTrembling('sky');
    await expect.poll(() => selected(app)).toEqual(['elephant', 'tree']);
  });
  await test.step('selected objects line up and spread out, each in one step of undo', async () => {
    const boxes = () => Promise.all(['sky', 'elephant', 'tree'].map((name) => app.boxOf(app.object(name))));
    const before = await boxes();
    const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
    await page.keyboard.press('ControlOrMeta+a');

    await page.keyboard.press('ControlOrMeta+Shift+ArrowLeft');
    await expect.poll(async () => spread((await boxes()).map(({ x }) => x))).toBeLessThan(1.5);
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(boxes).toEqual(before);

    await page.getByRole('menuitem', { name: 'Edit', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Align', exact: true }).click();
    await page.getByRole('menuitem', { name: /^Align middles/ }).click();
    await expect.poll(async () => spread((await boxes()).map(({ y, height }) => y + height / 2))).toBeLessThan(2.5);
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(boxes).toEqual(before);

    await page.keyboard.press('ControlOrMeta+k');
    await app.answer('distribute across');
    const gaps = async () => {
      const [a, b, c] = await boxes();
      return spread([(b?.x ?? 0) - (a?.x ?? 0) - (a?.width ?? 0), (c?.x ?? 0) - (b?.x ?? 0) - (b?.width ?? 0)]);
    };
    await expect.poll(gaps).toBeLessThan(2.5);
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(boxes).toEqual(before);

    await app.object('tree').click({ button: 'right' });
    await page.getByRole('menuitem', { name: /^Align bottom edges/ }).click();
    await expect.poll(async () => spread((await boxes()).map(({ y, height }) => y + height))).toBeLessThan(1.5);

    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    for (const name of ['Align left edges', 'Distribute down', 'Undo', 'Duplicate', 'Arrange automatically']) {
      await expect(sheet.getByRole('term').filter({ hasText: new RegExp(`^${name}$`) })).toBeVisible();
    }
  });
});

test('several relations between two objects fan out, and no label hides another or an object', async ({ app }) => {
  const triples = [
    [0, 'left of', 1],
    [0, 'in front of', 1],
    [1, 'behind', 0],
    [0, 'next to', 1],
  ] as const;
  await open(app, graphOf(['sheep', 'tree'], triples));
  await expect(app.relations).toHaveCount(triples.length);
  await test.step('a frame around all selects all', async () => {
    await frame(app, ...(await app.objects.all()), ...(await app.relations.all()));
    await expect(app.canvas.getByRole('button', { pressed: true })).toHaveCount(triples.length + 2);
    await app.page.keyboard.press('Escape');
    await expect(app.canvas.getByRole('button', { pressed: true })).toHaveCount(0);
  });
  await test.step('what bulges is in sight, too', async () => {
    await app.page.keyboard.press('f');
    const canvas = await app.boxOf(app.canvas);
    for (const label of await app.relations.all()) {
      const { x, y, width, height } = await app.boxOf(label);
      expect(x >= canvas.x && y >= canvas.y, 'left and top').toBe(true);
      expect(x + width <= canvas.x + canvas.width && y + height <= canvas.y + canvas.height, 'right, bottom').toBe(
        true,
      );
    }
  });
  const boxesOf = async (all: Locator) => Promise.all((await all.all()).map((each) => app.boxOf(each)));
  const [labels, objects] = [await boxesOf(app.relations), await boxesOf(app.objects)];
  for (const [i, label] of labels.entries()) {
    for (const other of [...labels.slice(i + 1), ...objects]) expect(overlap(label, other)).toBe(false);
  }
  const ends = await app.canvas
    .locator('.react-flow__edge-path')
    .evaluateAll((all) => all.map((each) => each.getAttribute('marker-end') ?? ''));
  expect(ends.filter((marker) => marker !== '')).toHaveLength(triples.length);
});

test('cut and paste, and undo back to before a reload', async ({ app, page }) => {
  await open(app, meadow);
  await test.step('cuts and pastes objects with the relations among them', async () => {
    await app.select('sheep');
    await app.select('grass', { more: true });
    await page.keyboard.press('ControlOrMeta+x');
    await expect(app.objects).toHaveCount(1);
    await expect(app.relations).toHaveCount(0);
    await page.keyboard.press('ControlOrMeta+v');
    await expect(app.objects).toHaveCount(3);
    await expect(app.relations).toHaveCount(1);
    await expect(app.relation('sheep standing on grass')).toBeVisible();
    await expect.poll(() => selected(app)).toEqual(['grass', 'sheep']);
    await page.keyboard.press('ControlOrMeta+z');
    await page.keyboard.press('ControlOrMeta+z');
    await expect(app.relations).toHaveCount(2);
  });
  await test.step('undo goes back to before a reload', async () => {
    const before = await app.graphOnScreen();
    await app.pressTool('sheep left of tree', 'Swap subject and object');
    await expect(app.relation('tree left of sheep')).toBeVisible();
    await app.select('grass');
    await page.keyboard.press('Delete');
    await expect(app.objects).toHaveCount(2);
    const after = await app.graphOnScreen();
    await page.reload();
    await expect.poll(() => app.graphOnScreen()).toEqual(after);
    await page.keyboard.press('ControlOrMeta+z');
    await expect(app.objects).toHaveCount(3);
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(() => app.graphOnScreen()).toEqual(before);
    await page.keyboard.press('ControlOrMeta+Shift+z');
    await expect(app.relation('tree left of sheep')).toBeVisible();
  });
});

test('arranging glides, and is one step of undo', async ({ app, page }) => {
  await open(app, slope);
  const place = async () => await app.object('elephant').evaluate((node) => (node as HTMLElement).style.transform);
  const before = await place();
  const seen = page.evaluate(async () => {
    const node = document.querySelector<HTMLElement>('[aria-label="Object elephant"]');
    const places = new Set<string>();
    const start = performance.now();
    while (node && performance.now() - start < 3000 && places.size < 4) {
      places.add(node.style.transform);
      await new Promise(requestAnimationFrame);
    }
    return places.size;
  });
  await page.keyboard.press('l');
  // The first place, the last one and some between.
  expect(await seen).toBeGreaterThan(3);
  await expect.poll(place).not.toBe(before);
  await app.boxOf(app.object('elephant'));
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(place).toBe(before);
});

test('a press stops the view where it is while it glides', async ({ app, page }) => {
  await open(app, slope);
  await app.boxOf(app.object('elephant'));
  await app.canvas.getByRole('button', { name: 'Zoom out' }).click();
  await app.boxOf(app.object('elephant'));
  const pressed = page.evaluate(async () => {
    const view = document.querySelector<HTMLElement>('.react-flow__viewport')!;
    const before = view.style.transform;
    while (view.style.transform === before) await new Promise(requestAnimationFrame);
    document.querySelector('.react-flow__pane')!.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
    return view.style.transform;
  });
  await page.keyboard.press('f');
  const held = await pressed;
  await app.boxOf(app.object('elephant'));
  const transform = () => app.canvas.locator('.react-flow__viewport').evaluate((view) => view.style.transform);
  expect(await transform()).toBe(held);
  await page.keyboard.press('f');
  await expect.poll(transform).not.toBe(held);
});

test('thirty objects are arranged to be read, and what is in hand stands out among them', async ({ app, page }) => {
  const labels = Array.from({ length: 30 }, (_, i) => ['dog', 'cat', 'tree', 'house', 'boat'][i % 5] ?? 'dog');
  const triples = labels.flatMap((_, i): [number, string, number][] =>
    i === 0 ? [] : [[i, ['left of', 'behind', 'near'][i % 3] ?? 'near', (i * 7 + 3) % i]],
  );
  await open(app, graphOf(labels, triples));
  await page.keyboard.press('l');
  const first = app.objects.first();
  await app.boxOf(first);
  const reading = await page.getByRole('button', { name: /^Zoom \d+ %/ }).textContent();
  expect(Number.parseInt(reading ?? '', 10)).toBeGreaterThanOrEqual(58);
  const faded = app.canvas.locator('.node[data-faded="true"]');
  await expect(faded).toHaveCount(0);
  await first.focus();
  const near = app.canvas.locator('.relation-label[data-faded="false"]');
  await expect.poll(() => faded.count()).toBeGreaterThan(20);
  expect(await near.count()).toBeLessThan(10);
  await app.canvas.focus();
  await expect(faded).toHaveCount(0);
});

test.describe('with reduced motion', () => {
  test.use({ reducedMotion: 'reduce' });

  test('nothing glides, and nothing is animated for longer than a blink', async ({ app, page }) => {
    await open(app, slope);
    const place = () => app.object('elephant').evaluate((node) => (node as HTMLElement).style.transform);
    const before = await place();
    const seen = page.evaluate(async () => {
      const node = document.querySelector<HTMLElement>('[aria-label="Object elephant"]');
      const places = new Set<string>();
      for (let frame = 0; node && frame < 60; frame++) {
        places.add(node.style.transform);
        await new Promise(requestAnimationFrame);
      }
      return places.size;
    });
    await page.keyboard.press('l');
    expect(await seen).toBeLessThanOrEqual(2);
    await expect.poll(place).not.toBe(before);
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    const longest = await page.evaluate(() =>
      Math.max(0, ...document.getAnimations().map(({ effect }) => Number(effect?.getComputedTiming().duration ?? 0))),
    );
    expect(longest).toBeLessThanOrEqual(1);
  });
});

test('the canvas is saved as SVG and as PNG, with all nodes, edges and words', async ({ app, page }) => {
  await app.open();
  await app.openFile('meadow.json', JSON.stringify(meadow));
  await expect(app.objects).toHaveCount(3);
  await expect(app.object('sheep').locator('[data-sprite="true"]')).toBeVisible();
  const svg = (await app.downloaded(() => app.menu('File', 'Save canvas as SVG'))).toString('utf8');
  const read = await page.evaluate((source) => {
    const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
    const all = (name: string) => [...parsed.querySelectorAll(name)];
    return {
      faults: all('parsererror').length,
      words: all('text').map((each) => each.textContent),
      edges: all('path[marker-end]').length,
      drawings: all('image').length,
      size: [parsed.documentElement.getAttribute('width'), parsed.documentElement.getAttribute('height')].map(Number),
    };
  }, svg);
  expect(read).toMatchObject({ faults: 0, edges: 2, drawings: 3 });
  expect(read.words).toEqual(['sheep', 'tree', 'grass', 'left of', 'standing on']);

  const png = decodePng(await app.downloaded(() => app.menu('File', 'Save canvas as PNG')));
  expect([png.width, png.height]).toEqual(read.size.map((length) => 2 * length));
  expect(contrast(png)).toBeGreaterThan(8);
  await app.newGraph();
  await page.getByRole('menuitem', { name: 'File', exact: true }).click();
  await expect(page.getByRole('menuitem', { name: 'Save canvas as SVG' })).toBeDisabled();
});
