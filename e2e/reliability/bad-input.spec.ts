import type { Route } from '@playwright/test';
import { graphOf, meadow } from '../app/graph-files.ts';
import { expect, type Sgraffito, test } from '../app/sgraffito.ts';

const MEADOW = {
  objects: ['Object grass', 'Object sheep', 'Object tree'],
  relations: ['Relation sheep left of tree', 'Relation sheep standing on grass'],
};

/** One message, and nothing lost. */
async function expectComplaint(app: Sgraffito, message: RegExp): Promise<void> {
  await expect(app.complaints).toHaveText(message, { timeout: 60_000 });
  await expect(app.complaints).toHaveCount(1);
}

async function openMeadow(app: Sgraffito): Promise<void> {
  await app.openFile('meadow.json', JSON.stringify(meadow));
  await expect.poll(() => app.graphOnScreen()).toEqual(MEADOW);
}

test('a file that cannot be opened gets one message, and the graph stays', async ({ app }) => {
  const loose = { ...meadow, relations: [{ ...meadow.relations[0], object: 'o9' }] };
  const cases = [
    ['broken.json', '{"objects": [', /broken\.json.*not JSON/],
    ['other.json', '{"hello": 1}', /other\.json.*no scene graph/],
    ['tomorrow.json', JSON.stringify({ ...meadow, version: 99 }), /tomorrow\.json.*version/],
    ['loose.json', JSON.stringify(loose), /relations\[0\]\.object.*o9/],
    ['photo.png', '\x89PNG\r\n\x1a\n', /photo\.png.*PNG/],
  ] as const;
  await app.visit();
  await openMeadow(app);
  for (const [name, content, message] of cases) {
    await app.openFile(name, Buffer.from(content, 'latin1'));
    await expectComplaint(app, message);
    expect(await app.graphOnScreen(), name).toEqual(MEADOW);
    await app.dismissComplaint();
  }
});

test('a graph that cannot be painted gets one message, stays, and can be mended', async ({ app, page }) => {
  const cases = [
    [graphOf([]), /no object/],
    [graphOf(['dog', 'cat'], [[0, 'adjudicating', 1]]), /adjudicating/],
    [graphOf(Array(31).fill('dog')), /31 objects.*at most 30/],
    [graphOf(['dog', 'xqzzt']), /xqzzt/],
  ] as const;
  await app.open();
  for (const [graph, message] of cases) {
    await app.openFile('graph.json', JSON.stringify(graph));
    await expect(app.objects).toHaveCount(graph.objects.length);
    await page.getByRole('button', { name: 'Generate' }).click();
    await expectComplaint(app, message);
    await expect(app.objects).toHaveCount(graph.objects.length);
    await expect(app.history.getByRole('listitem')).toHaveCount(0);
  }
  await app.object('xqzzt').dblclick();
  await app.answer('cat');
  await app.set('Steps', 1);
  await app.generate();
});

test('a model that cannot be loaded: one message each time, drawing goes on, and in the end it is loaded', async ({
  app,
  page,
}) => {
  const absent = (route: Route) => route.fulfill({ status: 404, body: '' });
  const damaged = async (route: Route) => {
    const response = await route.fetch();
    const body = await response.body();
    body[1000] = (body[1000] ?? 0) ^ 1;
    await route.fulfill({ response, body });
  };
  const tomorrow = async (route: Route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), version: 99 } });
  };
  const cases: readonly (readonly [
    title: string,
    file: string,
    handle: (route: Route) => Promise<void>,
    message: RegExp,
  ])[] = [
    ['without a manifest', 'manifest.json', absent, /manifest\.json.*404/],
    ['of a version of tomorrow', 'manifest.json', tomorrow, /version 99/],
    ['with a missing file', 'decoder.onnx', absent, /decoder\.onnx.*404/],
    // The same file: the others were kept by their hashes meanwhile.
    ['with a damaged file', 'decoder.onnx', damaged, /decoder\.onnx is damaged/],
  ];
  const tryAgain = page.getByRole('button', { name: 'Try again' });
  for (const [i, [title, file, handle, message]] of cases.entries()) {
    await test.step(title, async () => {
      await page.route(`**/models/*/${file}`, handle);
      await (i === 0 ? app.start() : tryAgain.click());
      await expectComplaint(app, message);
      await expect(page.getByRole('button', { name: 'Generate' })).toBeDisabled();
      await openMeadow(app);
      await app.relation('sheep left of tree').click();
      await page.keyboard.press('s');
      await expect(app.relation('tree left of sheep')).toBeVisible();
      await page.unroute(`**/models/*/${file}`);
    });
  }
  await tryAgain.click();
  await app.ready();
  await expect(app.complaints).toHaveCount(0);
  await expect(app.relation('tree left of sheep')).toBeVisible();
});
