import type { Locator, Page } from '@playwright/test';
import { type ModelHost, serveModels } from '#training/package/model-host.fixture.ts';
import { tinyGraphAdapter, writeTinyStableDiffusion } from '#training/package/stable-diffusion.fixture.ts';
import { graphOf } from './app/graph-files.ts';
import { expect, Sgraffito, test } from './app/sgraffito.ts';

/** Large enough to be cut, small enough for a test. */
const PADDING = 3_000_000;

/** The model dialog, with a hub's address in it. */
async function openHub(app: Sgraffito, page: Page, url: string): Promise<Locator> {
  await app.open({ model: '' });
  await app.menu('File', 'Model…');
  const dialog = page.getByRole('dialog', { name: 'Model' });
  await dialog.getByRole('radio', { name: /From a hub/ }).check();
  await dialog.getByLabel('Hub', { exact: true }).fill(url);
  return dialog;
}

test.describe('Stable Diffusion', () => {
  let hub: ModelHost;
  test.beforeEach(async () => {
    const folder = writeTinyStableDiffusion({ external: 'model.onnx_data', padding: PADDING, precision: 'float16' });
    hub = await serveModels({ 'someone/tiny-sd': folder });
  });
  test.afterEach(() => hub.close());

  test('is opened from a hub by name, survives a cut download, paints, and is remembered', async ({ app, page }) => {
    const dialog = await openHub(app, page, hub.url);
    await dialog.getByLabel('Model name').fill('someone/nothing');
    await dialog.getByRole('button', { name: 'Look it up' }).click();
    await expect(dialog.getByRole('alert')).toContainText('There is no file');

    await dialog.getByLabel('Model name').fill('someone/tiny-sd');
    await test.step('a hub that takes the connection and never answers can be left', async () => {
      hub.stall('tree/main', undefined, 1);
      await dialog.getByRole('button', { name: 'Look it up' }).click();
      await expect(dialog.getByRole('status')).toHaveText('Asking how large it is…');
      await dialog.getByRole('button', { name: 'Cancel' }).click();
    });
    await dialog.getByRole('button', { name: 'Look it up' }).click();
    await expect(dialog.getByRole('status')).toContainText(/The model is 3\.\d MB large/);

    // The connection breaks again and again, always a little later, until the app gives up and says what to do.
    hub.cut('unet/model.onnx_data', 1_000_000, 1);
    hub.cut('unet/model.onnx_data', 0, 5);
    await dialog.getByRole('button', { name: 'Download and use' }).click();
    await expect(dialog.getByRole('alert')).toContainText('try again to go on from there', { timeout: 90_000 });
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await expect(dialog.getByRole('status')).toContainText('are here already');

    // Once more, and this time it goes on by itself.
    hub.cut('unet/model.onnx_data', 500_000, 1);
    await dialog.getByRole('button', { name: 'Download and use' }).click();
    await expect(dialog).toHaveCount(0, { timeout: 90_000 });
    const ranges = hub.requests.filter((line) => /GET .*model\.onnx_data bytes=/.test(line));
    expect(ranges.length).toBeGreaterThan(1);
    await expect(app.status).toContainText('someone/tiny-sd');
    await expect(page.getByText(/This model has no graph adapter/)).toBeVisible();

    await app.newGraph();
    await app.addObjectAt('sheep', 0.3, 0.4);
    await app.addObjectAt('tree', 0.7, 0.4);
    await app.connect('sheep', 'left of', 'tree');
    await app.set('Steps', 2);
    await app.generate();
    expect(new Set((await app.picturePixels()).data).size).toBeGreaterThan(20);

    // Remembered, and read from this computer: not a byte of the weights is asked for again.
    const before = hub.requests.length;
    await page.reload();
    await app.ready();
    await expect(app.status).toContainText('someone/tiny-sd');
    expect(hub.requests.slice(before).filter((line) => /^GET .*onnx/.test(line))).toEqual([]);

    await test.step('what it takes up is shown, and deleted for good', async () => {
      await app.menu('File', 'Model…');
      const stored = dialog.getByRole('region', { name: 'Models on this computer' });
      await expect(stored.getByRole('listitem')).toHaveText(/^someone\/tiny-sd3\.\d MB, used \d/);
      const ask = stored.getByRole('button', { name: 'Delete someone/tiny-sd' });
      const confirm = stored.getByRole('button', { name: /^Delete 3\.\d MB\?$/ });
      await ask.click();
      await confirm.press('Escape');
      await ask.click();
      await confirm.click();
      await expect(stored).toHaveCount(0);
      await dialog.getByRole('button', { name: 'Close' }).click();
      await page.reload();
      await app.ready();
      await expect(app.status).toContainText('Picturebook');
    });
  });

  test('with a graph adapter the same words, related otherwise, are another picture', async ({ app, page }) => {
    const folder = writeTinyStableDiffusion({ change: { 'graph_adapter/model.onnx': tinyGraphAdapter() } });
    const other = await serveModels({ 'someone/graph-sd': folder });
    const dialog = await openHub(app, page, other.url);
    await dialog.getByLabel('Model name').fill('someone/graph-sd');
    await dialog.getByLabel('Model name').press('Enter');
    await expect(dialog.getByRole('button', { name: 'Download and use' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByText('reads the graph through its graph adapter')).toBeVisible({ timeout: 60_000 });
    await app.set('Steps', 2);
    // One tree that the sheep is left of and that is left of the lamb, or two trees.
    const pictures = [];
    for (const tree of [1, 2]) {
      const graph = graphOf(
        ['sheep', 'tree', 'tree', 'lamb'],
        [
          [0, 'left of', 1],
          [tree, 'left of', 3],
        ],
      );
      await app.openFile(`tree-${tree}.json`, JSON.stringify(graph));
      await app.generate();
      pictures.push((await app.picturePixels()).data);
    }
    expect(pictures[0]).not.toEqual(pictures[1]);
    await other.close();
  });

  test('a silent hub does not hold the start up, an address must be http or https', async ({ app, browser, page }) => {
    hub.stall('', undefined, 99);
    const chosen = JSON.stringify({ type: 'hub', name: 'someone/tiny-sd', hub: hub.url });
    await page.addInitScript((choice) => localStorage.setItem('sgraffito/model', choice), chosen);
    await app.start({ model: '' });
    await expect(app.complaints).toContainText('the server sent nothing for 5 s. The built-in one paints instead.');
    await app.ready();
    await app.menu('File', 'Model…');
    const dialog = page.getByRole('dialog', { name: 'Model' });
    await dialog.getByRole('radio', { name: /From a hub/ }).check();
    await dialog.getByRole('button', { name: /Stable Diffusion 1\.5/ }).click();
    await expect(dialog.getByLabel('Model name')).toHaveValue('onnx-community/stable-diffusion-v1-5-ONNX');
    await dialog.getByRole('radio', { name: /From an address/ }).check();
    await dialog.getByLabel('Address of the folder').fill('javascript:alert(1)');
    await dialog.getByRole('button', { name: 'Look it up' }).click();
    await expect(dialog.getByRole('alert')).toContainText('http:// or https://');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByRole('button', { name: 'Generate' })).toBeEnabled();

    await test.step('it paints over what the model in use drew, and the PNG brings that back', async () => {
      await app.set('Steps', 2);
      await app.generate();
      const drawn = await app.picturePixels();
      await page.getByRole('button', { name: 'Paint over with…' }).click();
      const over = page.getByRole('dialog', { name: 'Paint over with…' });
      // The one above stays silent.
      const other = await serveModels({ 'someone/tiny-sd': writeTinyStableDiffusion({ precision: 'float16' }) });
      await over.getByLabel('Hub', { exact: true }).fill(other.url);
      await over.getByLabel('Model name').fill('someone/tiny-sd');
      await over.getByRole('button', { name: 'Look it up' }).click();
      await over.getByRole('button', { name: 'Download and use' }).click();
      const steps = over.getByRole('spinbutton', { name: 'Steps' });
      const defaultSteps = await steps.inputValue();
      await steps.fill('0');
      await expect(over.getByRole('alert')).toContainText('A whole number from 1');
      await steps.press('Escape');
      await expect(steps).toHaveValue(defaultSteps);
      await steps.fill('4');
      const strength = over.getByRole('slider', { name: 'Strength 60 %' });
      await strength.press('ArrowLeft');
      await over.getByRole('slider', { name: 'Strength 55 %' }).press('ArrowLeft');
      await expect(over.getByText('2 of 4 steps are run')).toBeVisible();
      await over.getByRole('button', { name: 'Paint over' }).click();
      await expect(app.history.getByRole('listitem')).toHaveCount(2, { timeout: 60_000 });
      const painted = await app.picturePixels();
      expect([painted.width, painted.data]).not.toEqual([drawn.width, drawn.data]);
      await expect(
        page.getByText('Drawn by picturebook, painted over by someone-tiny-sd (strength 50 %).'),
      ).toBeVisible();
      await page.getByText('Words that the model was told').click();
      await expect(page.getByText(/^a .*, /)).toBeVisible();

      const png = await app.exportPng();
      await app.newGraph();
      await app.openFile('over.png', png);
      await expect(page.getByText('It was painted over by someone-tiny-sd (strength 50 %)')).toBeVisible();
      await app.generate();
      expect(await app.picturePixels()).toEqual(painted);

      // Somebody else's browser has neither the picture nor the model: the fault says how to get that, and it can be got.
      const elsewhere = await browser.newPage();
      const theirs = new Sgraffito(elsewhere);
      await theirs.open();
      await theirs.openFile('over.png', png);
      await elsewhere.getByRole('button', { name: 'Generate' }).click();
      await expect(theirs.complaints).toContainText('Open it by “Paint over with…”, then paint again.');
      await elsewhere.getByRole('button', { name: 'Paint over with…' }).click();
      const search = elsewhere.getByRole('dialog', { name: 'Paint over with…' });
      await search.getByLabel('Hub', { exact: true }).fill(other.url);
      await search.getByLabel('Model name').fill('someone/tiny-sd');
      await search.getByRole('button', { name: 'Look it up' }).click();
      await search.getByRole('button', { name: 'Download and use' }).click();
      await expect(search).toHaveCount(0);
      await theirs.generate();
      expect(await theirs.picturePixels()).toEqual(painted);
      await elsewhere.close();
      await other.close();
    });
  });
});
