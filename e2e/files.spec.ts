import { expectAccessible } from './app/accessibility.ts';
import { meadow } from './app/graph-files.ts';
import { expect, Sgraffito, test } from './app/sgraffito.ts';

test('a graph has a name, and is saved over its own file where the browser can', async ({ app, page }) => {
  // A real handle, of the page's own file system in place of the user's.
  await page.addInitScript(() => {
    const own = async (name: string) => (await navigator.storage.getDirectory()).getFileHandle(name, { create: true });
    Object.assign(window, {
      showSaveFilePicker: ({ suggestedName }: { suggestedName: string }) => own(suggestedName),
      showOpenFilePicker: async () => [await own('barn.json')],
    });
  });
  await app.visit({ pickers: true });
  const saved = (name: string) =>
    page.evaluate(async (file) => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle(file);
      // A file that is replaced while it is read cannot be read to its end.
      return handle.getFile().then(
        (found) => found.text().catch(() => ''),
        () => '',
      );
    }, name);
  await test.step('its name is the tab’s', async () => {
    await app.newGraph();
    await expect(page).toHaveTitle('Untitled — Sgraffito');
    await page.getByRole('button', { name: 'Name of the graph: Untitled' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Barn');
    await page.keyboard.press('Enter');
    await expect(page).toHaveTitle('Barn — Sgraffito');
  });
  await test.step('it is saved where the user says, and again without asking', async () => {
    await app.addObjectAt('cow', 0.3, 0.4);
    await page.keyboard.press('ControlOrMeta+s');
    await expect(page.getByText('Saved to barn.json.')).toBeVisible();
    expect(await saved('barn.json')).toContain('"cow"');
    await app.addObjectAt('dog', 0.6, 0.4);
    await page.evaluate(() => Object.assign(window, { showSaveFilePicker: () => Promise.reject(new Error('asked')) }));
    await page.keyboard.press('ControlOrMeta+s');
    await expect.poll(() => saved('barn.json')).toContain('"dog"');
  });
  await test.step('opened from a file, it is saved over that', async () => {
    await app.newGraph();
    await app.menu('File', 'Open…');
    await expect(app.object('dog')).toBeVisible();
    await app.addObjectAt('cat', 0.5, 0.8);
    await page.keyboard.press('ControlOrMeta+s');
    await expect.poll(() => saved('barn.json')).toContain('"cat"');
  });
});

test('a link carries graph, seed and settings, and undo brings back what was there', async ({ app, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.visit();
  await app.openFile('meadow.json', JSON.stringify(meadow));
  await expect(app.relation('sheep left of tree')).toBeVisible();
  await app.set('Seed', 4711);
  await app.menu('File', 'Copy a link to this graph');
  await expect(page.getByText('Link copied.')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await app.openExample('Kite over the beach');
  await app.set('Seed', 1);

  await page.goto(link);
  await expect(app.relation('sheep left of tree')).toBeVisible();
  await expect(page.getByRole('spinbutton', { name: 'Seed' })).toHaveValue('4711');
  expect(new URL(page.url()).hash).toBe('');
  await app.menu('Edit', 'Undo');
  // Those out of view are not on the screen while it still moves there.
  await expect.poll(async () => (await app.graphOnScreen()).objects.length).toBe(5);

  await test.step('a damaged link says so and changes nothing', async () => {
    const shown = await app.graphOnScreen();
    await page.goto(link.slice(0, -20));
    await expect(app.complaints.getByText('The link could not be opened')).toBeVisible();
    await expect.poll(() => app.graphOnScreen()).toEqual(shown);
  });
});

test('graphs go out and in again: our own to the last detail, sg2im JSON, Graphviz DOT', async ({ app, page }) => {
  await app.visit();
  await test.step('a saved graph opens again, to the last detail', async () => {
    await app.openExample('Kite over the beach');
    await expect(app.object('kite')).toBeVisible();
    const shown = await app.graphOnScreen();
    const saved = await app.saveGraph();
    expect(saved).toMatchObject({ format: 'sgraffito/scene-graph', version: 1 });
    await app.newGraph();
    await app.openFile('kite.json', JSON.stringify(saved));
    await expect.poll(() => app.graphOnScreen()).toEqual(shown);
    expect(await app.saveGraph()).toEqual(saved);
  });

  await test.step('as Graphviz DOT', async () => {
    await app.openFile('meadow.json', JSON.stringify(meadow));
    await expect(app.relation('sheep left of tree')).toBeVisible();
    const bytes = await app.downloaded(() => app.menu('File', 'Save as Graphviz DOT'));
    expect(bytes.toString('utf8')).toContain('"o0" -> "o1" [label="left of"];');
  });

  const file = {
    objects: ['sky', 'dog', 'grass'],
    relationships: [
      [0, 'above', 1],
      [1, 'standing on', 2],
    ],
  };
  await test.step('sg2im graphs go in and out', async () => {
    await app.openFile('graph.json', JSON.stringify(file));
    await expect(app.relation('sky above dog')).toBeVisible();
    const bytes = await app.downloaded(() => app.menu('File', 'Save as sg2im JSON'));
    expect(JSON.parse(bytes.toString('utf8'))).toEqual(file);
  });

  await test.step('of a list, one is chosen', async () => {
    const list = [
      file,
      {
        objects: ['cat', 'bed'],
        relationships: [
          [0, 'on', 1],
          [0, 'on', 1],
        ],
      },
    ];
    await app.openFile('many.json', JSON.stringify(list));
    const dialog = page.getByRole('dialog');
    await dialog.getByText('1 thing was left out').click();
    await expect(dialog.getByRole('listitem').filter({ hasText: 'dropped "cat on bed"' })).toBeVisible();
    await dialog.getByRole('button', { name: /cat on bed/ }).click();
    await expect
      .poll(() => app.graphOnScreen())
      .toEqual({
        objects: ['Object bed', 'Object cat'],
        relations: ['Relation cat on bed'],
      });
  });
});

test('a picture and what made it come back: after a reload, from its file, from the history', async ({ app, page }) => {
  const seed = page.getByRole('spinbutton', { name: 'Seed' });
  const pictures = app.history.getByRole('listitem');
  await app.open();
  await app.openFile('meadow.json', JSON.stringify(meadow));
  await app.pressTool('sheep left of tree', 'Swap subject and object');
  await app.set('Seed', 33);
  await app.set('Steps', 2);
  await app.generate();
  const [graph, picture] = [await app.graphOnScreen(), await app.picturePixels()];

  await test.step('a reload keeps the graph, its steps of undo, and the pictures', async () => {
    await page.reload();
    await expect.poll(() => app.graphOnScreen()).toEqual(graph);
    expect((await app.picturePixels()).data).toEqual(picture.data);
    await expect(seed).toHaveValue('33');
    await page.keyboard.press('ControlOrMeta+z');
    await expect(app.relation('sheep left of tree')).toBeVisible();
    await page.keyboard.press('ControlOrMeta+Shift+z');
    await expect(app.relation('tree left of sheep')).toBeVisible();
  });

  await test.step('an exported picture brings its graph, seed and settings back', async () => {
    const file = await app.exportPng();
    await app.ready();
    await app.newGraph();
    await app.set('Seed', 1);
    await app.set('Steps', 9);
    await app.openFile('mine.png', file);
    await expect.poll(() => app.graphOnScreen()).toEqual(graph);
    await expect(seed).toHaveValue('33');
    await expect(page.getByRole('spinbutton', { name: 'Steps' })).toHaveValue('2');
    await app.generate();
    expect((await app.picturePixels()).data).toEqual(picture.data);
  });

  await test.step('the history brings back what made a picture', async () => {
    await app.choosePredicate('tree left of sheep', 'right of');
    await app.set('Seed', 2);
    await app.set('Steps', 1);
    await app.generate();
    await expect(pictures).toHaveCount(3);
    await app.history
      .getByRole('button', { name: /^Restore seed 33:/ })
      .first()
      .click();
    await expect(app.relation('tree left of sheep')).toBeVisible();
    await expect(seed).toHaveValue('33');
    expect((await app.picturePixels()).data).toEqual(picture.data);
  });

  await test.step('a picture can be thrown away, the others stay', async () => {
    await pictures.first().hover();
    await app.history.getByRole('button', { name: 'Delete seed 2' }).click();
    await expect(pictures).toHaveCount(2);
    await page.reload();
    await expect(pictures).toHaveCount(2);
  });

  await test.step('what is done in the very task in which the page goes away is kept', async () => {
    const star = app.history.getByRole('button', { name: 'Star seed 33' }).first();
    await expect(star).toHaveAttribute('aria-pressed', 'false');
    const loaded = page.waitForEvent('load');
    await star.evaluate((button) => {
      (button as HTMLButtonElement).click();
      location.reload();
    });
    await loaded;
    await expect(star).toHaveAttribute('aria-pressed', 'true');
  });
});

test('several graphs are kept in one browser: found, opened, named, duplicated, deleted, and none is lost to another', async ({
  app,
  page,
}) => {
  const dialog = page.getByRole('dialog', { name: 'Graphs' });
  const rows = dialog.getByRole('listitem');
  const row = (name: string) => rows.filter({ hasText: name });
  const list = () => app.menu('File', 'Graphs…');
  await app.visit();
  await list();
  // The example that greets is nobody's work.
  await expect(dialog.getByText('A graph comes here')).toBeVisible();
  await page.keyboard.press('Escape');
  await app.openFile('meadow.json', JSON.stringify(meadow));
  await app.pressTool('sheep left of tree', 'Remove relation');
  await app.newGraph();
  await app.addObjectAt('cat', 0.5, 0.5);

  await test.step('what was on the canvas is in the list as it was left, and is found by its words', async () => {
    await list();
    await expect(rows).toHaveCount(2);
    await expect(row('meadow')).toContainText('sheep standing on grass; tree');
    await expect(row('Untitled')).toContainText('on the canvas');
    await expectAccessible(page, 'list of graphs');
    await dialog.getByRole('searchbox').fill('tree stand');
    await expect(dialog.getByText('1 of 2 graphs')).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(app.relation('sheep standing on grass')).toBeVisible();
    await expect(page).toHaveTitle(/^meadow/);
    await page.keyboard.press('ControlOrMeta+z');
    await expect(app.object('cat')).toBeVisible();
    await expect(page).toHaveTitle(/^Untitled/);
  });

  await test.step('one is duplicated, deleted, and brought back', async () => {
    await list();
    await row('meadow').getByRole('button', { name: 'Duplicate meadow' }).click();
    await expect(row('meadow copy')).toBeVisible();
    await row('meadow copy')
      .getByRole('button', { name: /^meadow copy/ })
      .focus();
    await page.keyboard.press('F2');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('pasture');
    await page.keyboard.press('Enter');
    await expect(row('pasture').getByRole('button', { name: /^pasture/ })).toBeFocused();
    await page.keyboard.press('Delete');
    await expect(rows).toHaveCount(2);
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await expect(rows).toHaveCount(3);
    await expect(row('Untitled').getByRole('button', { name: 'Delete Untitled' })).toBeDisabled();
    await page.keyboard.press('Escape');
    await page.reload();
    await list();
    await expect(rows).toHaveCount(3);
    await expect(row('pasture')).toContainText('sheep standing on grass');
  });

  await test.step('two tabs see one list, and what each makes of a graph stays', async () => {
    const other = new Sgraffito(await page.context().newPage());
    await other.visit();
    await expect(other.object('cat')).toBeVisible();
    await row('pasture')
      .getByRole('button', { name: /^pasture/ })
      .click();
    await expect(app.relation('sheep standing on grass')).toBeVisible();
    await other.menu('File', 'Graphs…');
    const theirs = other.page.getByRole('dialog', { name: 'Graphs' });
    await theirs.getByRole('button', { name: /^pasture/ }).click();
    await app.choosePredicate('sheep standing on grass', 'above');
    await list();
    await expect(row('pasture')).toContainText('sheep above grass');
    await page.keyboard.press('Escape');
    // This one still shows what it opened, and goes on from there.
    await other.choosePredicate('sheep standing on grass', 'next to');
    await list();
    await expect(row('pasture')).toHaveCount(2);
    await expect(row('sheep above grass')).toHaveCount(1);
    await expect(row('sheep next to grass')).toHaveCount(1);
    await other.page.close();
    await page.keyboard.press('Escape');
  });

  await test.step('what cannot be read is put aside, and offered at the next start', async () => {
    await page.evaluate(async () => {
      const db = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('sgraffito');
        request.onsuccess = () => resolve(request.result);
      });
      const store = db.transaction('session', 'readwrite').objectStore('session');
      await new Promise<void>((resolve) => {
        store.put({ name: 'Damaged', graph: { objects: 7 } }, 'graph:damaged').onsuccess = () => resolve();
      });
      db.close();
    });
    await list();
    await expect(rows).toHaveCount(4);
    await page.reload();
    await expect(page.getByText('A stored graph could not be read.')).toBeVisible();
    await list();
    await expect(rows).toHaveCount(4);
  });
});
