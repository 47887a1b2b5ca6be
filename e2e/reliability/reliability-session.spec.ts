/** The document is never lost: each fault is caused for real. */
import type { Page } from '@playwright/test';
import { graphOf } from '../app/graph-files.ts';
import { expect, Sgraffito, test } from '../app/sgraffito.ts';

/** Another tab of the same browser. */
async function anotherTab(page: Page): Promise<Sgraffito> {
  const tab = new Sgraffito(await page.context().newPage());
  await tab.visit();
  return tab;
}

/** Kills the page's process. */
async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  session.send('Page.crash').catch(() => undefined);
  await crashed;
}

/** How many objects the store has of the tab's graph. */
const storedObjects = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('sgraffito');
      request.onsuccess = () => resolve(request.result);
    });
    const read = db
      .transaction('session')
      .objectStore('session')
      .get(`tab:${sessionStorage.getItem('sgraffito/tab')}`);
    await new Promise<void>((resolve) => {
      read.onsuccess = () => resolve();
    });
    db.close();
    return read.result.history.present.objects.length;
  });

/** Reloads the app with a session that was changed behind its back. */
async function reloadDamaged(page: Page, how: 'past' | 'present'): Promise<void> {
  await page.goto('icon.svg');
  await page.evaluate(async (where) => {
    for (const key of Object.keys(localStorage)) if (key.includes('last-words')) localStorage.removeItem(key);
    const db = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('sgraffito');
      request.onsuccess = () => resolve(request.result);
    });
    const store = db.transaction('session', 'readwrite').objectStore('session');
    const key = `tab:${sessionStorage.getItem('sgraffito/tab')}`;
    await new Promise<void>((resolve) => {
      const read = store.get(key);
      read.onsuccess = () => {
        const session = read.result;
        if (where === 'present') session.history.present.version = 99;
        else session.history.past[0].graph.objects[0].id = 7;
        store.put(session, key).onsuccess = () => resolve();
      };
    });
    db.close();
  }, how);
  await page.goBack();
}

/** Keeps the sessions' store to itself until its page is closed: whoever writes waits. */
async function holdStore(): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('sgraffito');
    request.onsuccess = () => resolve(request.result);
  });
  const store = db.transaction('session', 'readwrite').objectStore('session');
  await new Promise<void>((resolve) => {
    const again = () => {
      store.count().onsuccess = again;
      resolve();
    };
    store.count().onsuccess = again;
  });
}

test('an edit outlives a crash of the page right after it', async ({ app, page }) => {
  await app.visit();
  let tab = app;
  for (const word of ['cat', 'dog', 'bird']) {
    await tab.openFile(`${word}.json`, JSON.stringify(graphOf([word, 'car'])));
    await expect(tab.object(word)).toBeVisible();
    await tab.select('car');
    await tab.page.keyboard.press('Delete');
    await expect(tab.objects).toHaveCount(1);
    // Within a tenth of a second, and without the farewell that a reload gives the page time for.
    await expect.poll(() => storedObjects(tab.page)).toBe(1);
    await crash(tab.page);
    tab = await anotherTab(page);
    await expect(tab.objects).toHaveCount(1);
    await expect(tab.object(word)).toBeVisible();
  }
});

test('two tabs keep a session each, and the history is in both', async ({ app, page }) => {
  await app.open();
  await app.openFile('cat.json', JSON.stringify(graphOf(['cat'])));
  await expect(app.object('cat')).toBeVisible();
  const other = await anotherTab(page);
  await expect(other.object('cat')).toBeVisible();
  await other.openFile('dog.json', JSON.stringify(graphOf(['dog'])));
  await expect(other.object('dog')).toBeVisible();
  await app.openFile('bird.json', JSON.stringify(graphOf(['bird'])));
  await expect(app.object('bird')).toBeVisible();

  await test.step('after a reload each has its own document, steps of undo included', async () => {
    for (const [tab, own] of [
      [app, 'bird'],
      [other, 'dog'],
    ] as const) {
      await tab.page.reload();
      await expect(tab.object(own)).toBeVisible();
      await expect(tab.objects).toHaveCount(1);
      await tab.page.keyboard.press('ControlOrMeta+z');
      await expect(tab.object('cat')).toBeVisible();
      await tab.page.keyboard.press('ControlOrMeta+Shift+z');
      await expect(tab.object(own)).toBeVisible();
    }
  });

  await test.step('a picture that is painted or deleted in one appears and goes in both', async () => {
    await app.ready();
    await app.set('Steps', 2);
    await app.generate();
    await expect(other.history.getByRole('listitem')).toHaveCount(1);
    await other.page.reload();
    await expect(other.history.getByRole('listitem')).toHaveCount(1);
    await other.history.getByRole('listitem').first().hover();
    await other.history.getByRole('button', { name: /^Delete/ }).click();
    await expect(app.history.getByRole('listitem')).toHaveCount(0);
  });
});

test('what the editor accepts is there after a reload, however busy the store is', async ({ app, page }) => {
  await app.visit();
  const graph = graphOf(['cat', 'dog'], [[0, 'next\u0007 to', 1]]);
  const [cat, dog] = graph.objects;
  const odd = {
    ...graph,
    objects: [{ ...cat, id: 'o999999999', position: { x: 1e6, y: 0 } }, dog],
    relations: graph.relations.map((relation) => ({ ...relation, subject: 'o999999999' })),
  };
  await app.openFile(`${'x'.repeat(220)}.json`, JSON.stringify(odd));
  await expect(app.relation('cat next to dog')).toBeVisible();
  const holder = await page.context().newPage();
  await holder.goto('icon.svg');
  await holder.evaluate(holdStore);
  for (let i = 0; i < 2; i++) {
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.press('ControlOrMeta+d');
  }
  await expect(app.objects).toHaveCount(8);
  await page.reload({ waitUntil: 'commit' });
  await holder.close();
  await expect(app.objects).toHaveCount(8);
});

test('a stored session that cannot be read is kept aside and offered', async ({ app, page }) => {
  await app.visit();
  await app.openFile('cat.json', JSON.stringify(graphOf(['cat'])));
  await expect(app.object('cat')).toBeVisible();

  await test.step('of a damaged step of undo the document itself comes back', async () => {
    await reloadDamaged(page, 'past');
    await expect(app.object('cat')).toBeVisible();
    await expect(page.getByText('A stored session could not be read.')).toBeVisible();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.reload();
    await expect(app.object('cat')).toBeVisible();
    await expect(page.getByText('A stored session could not be read.')).toHaveCount(0);
  });

  await test.step('a damaged document is not written over', async () => {
    await app.openFile('dog.json', JSON.stringify(graphOf(['dog'])));
    await expect(app.object('dog')).toBeVisible();
    await reloadDamaged(page, 'present');
    await expect(page.getByText('A stored session could not be read.')).toBeVisible();
    await app.openFile('bird.json', JSON.stringify(graphOf(['bird'])));
    await expect(app.object('bird')).toBeVisible();
    await page.reload();
    await expect(app.object('bird')).toBeVisible();
    const bytes = await app.downloaded(() => page.getByRole('button', { name: 'Download', exact: true }).click());
    expect(bytes.toString()).toContain('"dog"');
  });
});

test('a picture that was being painted when the page closed is painted again', async ({ app, page }) => {
  await app.open();
  await app.set('Steps', 60);
  await page.getByRole('button', { name: 'Generate' }).click();
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible();
  await page.reload();
  await expect(page.getByText('A picture was being painted when the page closed.')).toBeVisible();
  await app.ready();
  await page.getByRole('button', { name: 'Paint it again' }).click();
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible();
  await expect(page.getByText('A picture was being painted when the page closed.')).toHaveCount(0);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Generate' })).toBeEnabled();
  await page.reload();
  await expect(app.canvas).toBeVisible();
  await expect(page.getByText('A picture was being painted when the page closed.')).toHaveCount(0);
});

test('a store that does not answer is done without, and used when it does', async ({ app, page }) => {
  await app.visit();
  await app.openFile('cat.json', JSON.stringify(graphOf(['cat'])));
  await expect(app.object('cat')).toBeVisible();
  await page.goto('icon.svg');
  // One page holds the store open, another waits to change it: whoever opens it now waits behind them.
  const holder = await page.context().newPage();
  const wisher = await page.context().newPage();
  for (const [tab, version] of [
    [holder, 1],
    [wisher, 2],
  ] as const) {
    await tab.goto('icon.svg');
    await tab.evaluate(
      (wanted) =>
        new Promise<void>((resolve) => {
          const request = indexedDB.open('sgraffito', wanted);
          request.onsuccess = () => resolve();
          request.onblocked = () => resolve();
        }),
      version,
    );
  }
  await page.goBack();
  await expect(app.canvas).toBeVisible();
  await expect(page.getByText("The browser's storage does not answer")).toBeVisible();
  await expect(app.object('cat')).toHaveCount(0);
  await wisher.close();
  await holder.close();
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await expect(app.object('cat')).toBeVisible();
  await page.reload();
  await expect(app.object('cat')).toBeVisible();
});

/** Labels of the documents in the store; none when there is no store, or when it is cleared in this moment: then it may never answer. */
function storedLabels(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const silence = new Promise<readonly string[]>((resolve) => setTimeout(() => resolve([]), 1000));
    return Promise.race([silence, read()]);

    async function read(): Promise<readonly string[]> {
      const all = await indexedDB.databases();
      if (!all.some(({ name }) => name === 'sgraffito')) return [];
      return new Promise((resolve) => {
        const request = indexedDB.open('sgraffito');
        request.onblocked = () => resolve([]);
        // Cleared since it was looked for: to make it anew is the app's own business.
        request.onupgradeneeded = () => request.transaction?.abort();
        request.onerror = () => resolve([]);
        request.onsuccess = () => {
          const transaction = request.result.transaction('session');
          transaction.onabort = () => {
            request.result.close();
            resolve([]);
          };
          const reading = transaction.objectStore('session').getAll();
          reading.onsuccess = () => {
            request.result.close();
            const sessions = reading.result.filter((each) => each.history !== undefined);
            resolve(sessions.map(({ history }) => history.present.objects[0].label));
          };
        };
      });
    }
  });
}

test('a store that is cleared while the page is open is written again', async ({ app, page }) => {
  await app.visit();
  await app.openFile('cat.json', JSON.stringify(graphOf(['cat'])));
  await expect.poll(() => storedLabels(page)).toEqual(['cat']);
  const session = await page.context().newCDPSession(page);
  const origin = new URL(page.url()).origin;
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
  await expect.poll(() => storedLabels(page)).toEqual(['cat']);
  await app.openFile('dog.json', JSON.stringify(graphOf(['dog'])));
  await expect.poll(() => storedLabels(page)).toEqual(['dog']);
  await page.reload();
  await expect(app.object('dog')).toBeVisible();
});
