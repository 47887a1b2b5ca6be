import type { Page } from '@playwright/test';
import { graphOf, meadow } from './app/graph-files.ts';
import { expect, test } from './app/sgraffito.ts';
import { startSeed } from './app/start-seed.ts';

test('the first visit shows a graph that can be painted at once; a start picture that comes late brings its seed', async ({
  app,
  page,
}) => {
  let hand: (() => void) | undefined;
  const held = new Promise<void>((resolve) => {
    hand = resolve;
  });
  await page.route('**/picture-*.png', async (route) => {
    await held;
    await route.continue();
  });
  await app.open({ greeted: true });
  await expect(app.picture).toHaveCount(0);
  hand?.();
  await expect(app.picture).toBeVisible();
  await expect(page.getByRole('spinbutton', { name: 'Seed' })).toHaveValue(startSeed);
  expect((await app.graphOnScreen()).relations.length).toBeGreaterThan(1);
  await app.set('Steps', 1);
  await app.generate();
});

test('objects come by the first step of an empty canvas, and from the palette by click and by drag', async ({
  app,
  page,
}) => {
  await app.visit();
  await test.step('an empty canvas teaches the first step', async () => {
    await app.newGraph();
    await page.getByRole('button', { name: 'Add an object' }).click();
    await app.answer('dog');
    await expect(app.object('dog')).toBeVisible();
  });
  await test.step('objects come from the palette, by click and by drag', async () => {
    await app.newGraph();
    await page.getByRole('searchbox', { name: 'Search the palette' }).fill('hors');
    await page.getByRole('button', { name: 'Add horse' }).click();
    await expect(app.object('horse')).toBeVisible();
    await page.getByRole('searchbox', { name: 'Search the palette' }).fill('');
    await page.getByRole('button', { name: 'Add dog' }).dragTo(app.canvas, { targetPosition: { x: 120, y: 120 } });
    await expect(app.object('dog')).toBeVisible();
  });
  await test.step('Ctrl+Z in a text field undoes the text, not the graph', async () => {
    const graph = await app.graphOnScreen();
    const search = page.getByRole('searchbox', { name: 'Search the palette' });
    await search.pressSequentially('tree');
    await search.press('ControlOrMeta+z');
    await expect(search).not.toHaveValue('tree');
    expect(await app.graphOnScreen()).toEqual(graph);
  });
});

test('a connection into empty space makes the object too', async ({ app, page }) => {
  await app.visit();
  await app.openFile('dog.json', JSON.stringify(graphOf(['dog'])));
  const canvas = await app.boxOf(app.canvas);
  const drawTo = async (x: number, y: number) => {
    const grip = await app.boxOf(await app.gripOf('dog'));
    await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
    await page.mouse.down();
    await page.mouse.move(x, y, { steps: 12 });
    await expect(page.locator('.react-flow__connection')).toBeVisible();
  };
  const paper = [canvas.x + canvas.width * 0.8, canvas.y + canvas.height * 0.7] as const;
  await test.step('Escape, and letting go over a panel or outside the window, give it up', async () => {
    await drawTo(...paper);
    await page.keyboard.press('Escape');
    await expect(page.locator('.react-flow__connection')).toHaveCount(0);
    await page.mouse.up();
    for (const [x, y] of [
      [canvas.x + canvas.width + 60, canvas.y + 200],
      [canvas.x + 20, canvas.y + canvas.height - 20],
      [-20, 300],
    ] as const) {
      await drawTo(x, y);
      await page.mouse.up();
      await expect(page.locator('.react-flow__connection')).toHaveCount(0);
    }
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
  // At its edges the canvas followed the hand.
  await page.keyboard.press('f');
  await drawTo(...paper);
  await page.mouse.up();
  await app.answer('grass', 'next');
  await app.answer('standing on');
  await expect(app.relation('dog standing on grass')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(() => app.graphOnScreen()).toEqual({ objects: ['Object dog'], relations: [] });
});

test('a word typed before the model is there is taken when it has come', async ({ app, page }) => {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route('**/manifest.json', async (route) => {
    await arrived;
    await route.continue();
  });
  await app.visit();
  await page.keyboard.press('n');
  const picker = page.getByRole('dialog');
  await picker.getByRole('combobox').fill('giraffe');
  await expect(picker.getByRole('option', { selected: true })).toContainText('giraffe');
  arrive();
  await app.ready();
  await expect(picker.getByRole('option', { name: 'giraffe', exact: true, selected: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(app.object('giraffe')).toBeVisible();

  await test.step('the best match is first, whatever its group', async () => {
    await page.keyboard.press('n');
    const matches = async (word: string) => {
      await picker.getByRole('combobox').fill(word);
      await expect(picker.getByRole('option', { selected: true })).toContainText(word);
      return picker.getByRole('option').allTextContents();
    };
    const all = await matches('ca');
    const begins = all.map((word) => word.startsWith('ca'));
    expect(begins.indexOf(false)).toBe(begins.lastIndexOf(true) + 1);
    expect((await matches('bus'))[0]).toBe('bus');
    await page.keyboard.press('Escape');
  });
  await test.step('words for an object may say more than its label', async () => {
    await page.keyboard.press('n');
    await app.answer('red car');
    await expect(app.object('red car')).toBeVisible();
    await page.keyboard.press('n');
    await app.answer('two dogs');
    await expect(app.object('dog 1')).toBeVisible();
    await expect(app.object('dog 2')).toBeVisible();
  });
  await test.step('commands go by other names too', async () => {
    const ask = async (word: string) => {
      await page.keyboard.press('ControlOrMeta+k');
      await picker.getByRole('combobox').fill(word);
    };
    for (const [word, name] of [
      ['duplicate', 'Duplicate'],
      ['clear', 'Clear selection'],
      ['rename', 'Relabel…'],
      ['remove', 'Remove'],
      ['delete', 'Remove'],
    ] as const) {
      await ask(word);
      await expect(picker.getByRole('option', { selected: true })).toContainText(name);
      if (word !== 'delete') await page.keyboard.press('Escape');
    }
    await page.keyboard.press('Enter');
    await expect(app.object('dog 1')).toHaveCount(0);
    await ask('delete');
    await expect(picker.getByRole('option', { name: /^Remove/ })).toContainText('not now');
    // With nothing in hand it must not be all that goes.
    await expect(picker.getByRole('option', { name: /^New graph/ })).toHaveCount(0);
    await page.keyboard.press('Escape');
  });

  const giraffe = app.object('giraffe');
  const field = picker.getByRole('combobox');
  const chosen = picker.getByRole('option', { selected: true });
  await test.step('F2 asks on the node itself, wherever the view goes, with its label to type over', async () => {
    await page.keyboard.press('f');
    await giraffe.focus();
    await page.keyboard.press('F2');
    await expect(field).toBeFocused();
    await expect(field).toHaveValue('giraffe');
    await expect(chosen).toHaveText(/^giraffe/);
    const liesOnLabel = async () => {
      const [label, box] = [await app.boxOf(giraffe.locator('.node-label')), await app.boxOf(field)];
      const middle = { x: label.x + label.width / 2, y: label.y + label.height / 2 };
      return Math.abs(box.y + box.height / 2 - middle.y) < 3 && box.x < middle.x && middle.x < box.x + box.width;
    };
    expect(await liesOnLabel()).toBe(true);
    const { x, y } = await app.boxOf(app.canvas);
    await page.mouse.move(x + 8, y + 8);
    await page.mouse.wheel(20, 15);
    await expect.poll(liesOnLabel).toBe(true);
  });
  await test.step('Escape leaves it as it was, and so does Enter on what it is', async () => {
    await page.keyboard.type('elephant');
    await expect(chosen).toHaveText('elephant');
    await page.keyboard.press('Escape');
    await expect(giraffe).toBeFocused();
    await page.keyboard.press('F2');
    await expect(chosen).toHaveText(/^giraffe/);
    await page.keyboard.press('Enter');
    await expect(picker).toHaveCount(0);
    await expect(giraffe).toBeFocused();
  });
  await test.step('Enter takes "blue bus" in one step', async () => {
    await page.keyboard.press('F2');
    await page.keyboard.type('blue bus');
    await expect(chosen).toHaveText('blue bus');
    await page.keyboard.press('Enter');
    await expect(app.object('blue bus')).toBeFocused();
    await page.keyboard.press('ControlOrMeta+z');
    await expect(giraffe).toBeVisible();
  });
  await test.step('pressed elsewhere, a whole word is taken and half a word is not', async () => {
    const paper = { position: { x: 8, y: 8 } };
    for (const [typed, first] of [
      ['elep', 'elephant'],
      ['elephant', 'elephant'],
    ] as const) {
      await giraffe.dblclick();
      await page.keyboard.type(typed);
      await expect(chosen).toHaveText(first);
      await app.canvas.click(paper);
      await expect(picker).toHaveCount(0);
      await expect(app.object('elephant')).toHaveCount(typed === first ? 1 : 0);
    }
  });
});

test('by hand: edges are turned from a menu, objects copied, and none is related to itself', async ({ app, page }) => {
  await app.visit();
  await test.step('a right click offers what can be done with the thing under it', async () => {
    await app.openFile('meadow.json', JSON.stringify(meadow));
    await app.relation('sheep left of tree').click({ button: 'right' });
    await page.getByRole('menuitem', { name: /Swap subject and object/ }).click();
    await expect(app.relation('tree left of sheep')).toBeVisible();
    await app.object('grass').click({ button: 'right' });
    await page.getByRole('menuitem', { name: /^Remove/ }).click();
    await expect(app.objects).toHaveCount(2);
  });
  await test.step('copies with the relations inside, and duplicates', async () => {
    await app.openFile('meadow.json', JSON.stringify(meadow));
    await expect(app.objects).toHaveCount(3);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.press('ControlOrMeta+d');
    await expect(app.objects).toHaveCount(6);
    await expect(app.relations).toHaveCount(4);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.press('ControlOrMeta+c');
    await page.keyboard.press('ControlOrMeta+v');
    await expect(app.objects).toHaveCount(12);
    await expect(app.relations).toHaveCount(8);
  });
  await test.step('an object cannot be related to itself, and the reason is said', async () => {
    await app.openFile('meadow.json', JSON.stringify(meadow));
    await expect(app.objects).toHaveCount(3);
    await app.drag('sheep', 'sheep');
    await expect(app.complaints).toHaveText(/“sheep” cannot be related to itself/);
    await expect(app.relations).toHaveCount(2);
  });
});

test('relabels, swaps, removes; undo and redo go through all of it', async ({ app, page }) => {
  await app.visit();
  await app.openFile('meadow.json', JSON.stringify(meadow));
  await expect(app.objects).toHaveCount(3);
  const steps: { objects: string[]; relations: string[] }[] = [await app.graphOnScreen()];
  const step = async (action: () => Promise<void>) => {
    const before = steps.at(-1);
    await action();
    await expect.poll(() => app.graphOnScreen()).not.toEqual(before);
    steps.push(await app.graphOnScreen());
  };
  await step(async () => {
    await app.object('sheep').dblclick();
    await app.answer('cow');
  });
  await step(() => app.pressTool('cow left of tree', 'Swap subject and object'));
  await step(() => app.pressTool('cow standing on grass', 'Remove relation'));
  await step(async () => {
    await app.select('tree');
    await page.keyboard.press('Delete');
  });
  expect(steps.at(-1)).toEqual({ objects: ['Object cow', 'Object grass'], relations: [] });
  for (const past of steps.slice(0, -1).reverse()) {
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(() => app.graphOnScreen()).toEqual(past);
  }
  for (const next of steps.slice(1)) {
    await page.keyboard.press('ControlOrMeta+Shift+z');
    await expect.poll(() => app.graphOnScreen()).toEqual(next);
  }
});

test('Live follows the hand with drafts, and paints what it came to rest at', async ({ app, page }) => {
  const { keyboard } = page;
  const countSteps = await stepCounter(page);
  await app.open();
  await app.openFile('meadow.json', JSON.stringify(meadow));
  await app.set('Steps', 8);
  await page.getByRole('switch', { name: 'Live' }).click();
  const draft = page.getByRole('img', { name: /^Draft of: / });
  const pictures = app.history.getByRole('listitem');

  await test.step('every change of meaning is painted, and nothing else', async () => {
    await app.paints(() => app.pressTool('sheep left of tree', 'Opposite'));
    await app.moveObject('tree', 30, -40);
    await app.paints(() => app.pressTool('sheep right of tree', 'Opposite'));
    await expect(pictures).toHaveCount(2);
  });
  await test.step('five changes in a row: one picture, of the last, and what was overtaken is given up', async () => {
    const before = await countSteps();
    await app.relation('sheep left of tree').focus();
    await app.paints(() =>
      page.evaluate(() => {
        // Faster than any hand, so that a slow machine does not finish a draft in between.
        for (let turn = 0; turn < 5; turn++) {
          const key = new KeyboardEvent('keydown', { key: 'o', code: 'KeyO', bubbles: true });
          document.activeElement?.dispatchEvent(key);
        }
      }),
    );
    await expect(app.relation('sheep right of tree')).toBeVisible();
    // A draft takes 4 steps: five of them and the picture would take 28.
    expect((await countSteps()) - before).toBeLessThan(28);
    const { data } = await app.picturePixels();
    await app.generate();
    expect((await app.picturePixels()).data).toEqual(data);
    await expect(pictures).toHaveCount(4);
  });
  await test.step('a relation is drafted while it is being chosen, and forgotten when it is not', async () => {
    await app.pressTool('sheep right of tree', 'Change predicate');
    await page.getByRole('dialog').getByRole('combobox').fill('above');
    await expect(page.getByRole('img', { name: /^Draft of: .*sheep above tree/ })).toBeVisible();
    await keyboard.press('Escape');
    await expect(draft).toHaveCount(0);
    await expect(pictures).toHaveCount(4);
    await app.paints(() => app.choosePredicate('sheep right of tree', 'above'));
    await expect(draft).toHaveCount(0);
    await expect(pictures).toHaveCount(5);
  });
});

/** @returns tells how many steps the engine has reported */
async function stepCounter(page: Page): Promise<() => Promise<number>> {
  let steps = 0;
  await page.exposeFunction('reportStep', () => {
    steps++;
  });
  await page.addInitScript(() => {
    const { reportStep } = globalThis as unknown as { reportStep: () => Promise<void> };
    globalThis.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener('message', ({ data }: MessageEvent<{ type?: string }>) => {
          if (data.type === 'step') void reportStep();
        });
      }
    };
  });
  // What was reported before has been heard when an answer comes back.
  return async () => {
    await page.evaluate(() => undefined);
    return steps;
  };
}

test('a model that paints attributes offers them', async ({ app, page }) => {
  await app.open();
  await app.openFile('one.json', JSON.stringify(graphOf(['car'])));
  await app.select('car');
  await page.getByRole('button', { name: 'Attributes' }).click();
  const picker = page.getByRole('dialog', { name: 'Attributes of car' });
  await expect(picker.getByRole('option', { name: 'night' })).toBeVisible();
  await expect(picker.getByText('paints no attributes')).toHaveCount(0);
  await app.answer('red', 'next');
  await app.answer('night', 'next');
  await page.keyboard.press('Escape');
  await expect(app.object('red night car')).toBeVisible();
  await app.set('Steps', 1);
  await app.generate();
});

test('attributes are given and taken away, one or several objects at once; a model that paints none says so', async ({
  app,
  page,
}) => {
  await page.route('**/manifest.json', async (route) => {
    const response = await route.fetch();
    const manifest = await response.json();
    await route.fulfill({ response, json: { ...manifest, vocabulary: { ...manifest.vocabulary, attributes: [] } } });
  });
  await app.open();
  await app.openFile('two.json', JSON.stringify(graphOf(['car', 'dog'])));
  await app.select('car');
  await page.getByRole('button', { name: 'Attributes' }).click();
  const picker = page.getByRole('dialog', { name: 'Attributes of car' });
  await expect(picker.getByText('Picturebook paints no attributes')).toBeVisible();
  await app.answer('red', 'next');
  await app.answer('very old', 'next');
  await page.keyboard.press('Escape');
  await expect(app.object('red very old car').getByText('red, very old')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('a');
  await app.answer('red', 'next');
  await expect(app.object('red dog')).toBeVisible();
  await app.answer('red', 'next');
  await page.getByRole('dialog').getByRole('combobox').evaluate(pressAtOnce, ['Escape', 'a']);
  const ofBoth = page.getByRole('dialog', { name: 'Attributes of 2 objects' }).getByRole('combobox');
  await expect(ofBoth).toBeFocused();
  await page.keyboard.press('Escape');
  await page.getByRole('menuitem', { name: 'Edit', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Select all' }).hover();
  await page.getByRole('menuitem', { name: 'Select all' }).evaluate(pressAtOnce, ['Enter', 'a']);
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(ofBoth).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(app.object('dog')).toBeVisible();
  expect((await app.saveGraph()).objects.map(({ attributes }) => attributes)).toEqual([['very old'], []]);
  await app.set('Steps', 1);
  await app.generate();
});

/** Keys of one task: a page that is busy gets them so, before any timer. */
async function pressAtOnce(_: Element, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const at = document.activeElement ?? document.body;
    at.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    // React shows what a key changed in a microtask.
    await Promise.resolve();
  }
}
