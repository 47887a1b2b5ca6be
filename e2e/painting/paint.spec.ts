import { graphOf } from '../app/graph-files.ts';
import { contrast, decodePng } from '../app/pixels.ts';
import { expect, test } from '../app/sgraffito.ts';

test('draws a graph, paints it, flips an edge, compares, and exports the picture', async ({ app, page }) => {
  await app.open();
  await expect(app.status).toContainText('WASM');
  await app.newGraph();
  await app.set('Seed', 11);
  await app.set('Steps', 2);

  await test.step('build the graph with mouse and keyboard', async () => {
    await app.addObjectAt('dog', 0.25, 0.35);
    await app.addObjectAt('cat', 0.7, 0.35);
    await app.addObjectAt('grass', 0.45, 0.75);
    await app.connect('dog', 'left of', 'cat');
    await app.connect('dog', 'standing on', 'grass');
    expect(await app.graphOnScreen()).toEqual({
      objects: ['Object cat', 'Object dog', 'Object grass'],
      relations: ['Relation dog left of cat', 'Relation dog standing on grass'],
    });
  });

  await app.generate();
  const first = await app.picturePixels();
  expect(contrast(first)).toBeGreaterThan(8);

  await test.step('flip the edge; same seed, another picture', async () => {
    await app.pressTool('dog left of cat', 'Opposite');
    await expect(app.relation('dog right of cat')).toBeVisible();
    await app.generate();
  });
  const flipped = await app.picturePixels();
  expect(flipped.data).not.toEqual(first.data);

  await test.step('see both side by side', async () => {
    await page.getByRole('radio', { name: 'Side by side' }).click();
    expect((await app.picturePixels(0)).data).toEqual(first.data);
    expect((await app.picturePixels(1)).data).toEqual(flipped.data);
    await page.getByRole('radio', { name: 'Picture', exact: true }).click();
  });

  await test.step('flip it back: the same graph and seed give the same bytes', async () => {
    await app.choosePredicate('dog right of cat', 'left of');
    await app.generate();
    expect((await app.picturePixels()).data).toEqual(first.data);
  });

  await test.step('places on the canvas never reach the picture', async () => {
    await app.moveObject('cat', -160, 60);
    await app.generate();
    expect((await app.picturePixels()).data).toEqual(first.data);
  });

  await test.step('another seed, another picture', async () => {
    await app.set('Seed', 12);
    await app.generate();
    expect((await app.picturePixels()).data).not.toEqual(first.data);
  });

  await test.step('the exported file holds the pixels of the screen', async () => {
    const exported = decodePng(await app.exportPng());
    const shown = await app.picturePixels();
    expect([exported.width, exported.height]).toEqual([shown.width, shown.height]);
    expect(exported.data).toEqual(shown.data);
  });
});

test('shows its progress and stops when it is asked to', async ({ app, page, context }) => {
  await app.open({ backend: 'auto' });
  const withoutWebgpu = page.getByText(/WebGPU .*Painting with the processor/);
  await test.step('says once that there is no WebGPU', async () => {
    await expect(withoutWebgpu).toBeVisible();
    await page.getByRole('button', { name: 'Do not say this again' }).click();
    await expect(withoutWebgpu).toHaveCount(0);
  });
  await app.set('Steps', 200);
  await page.getByRole('button', { name: 'Generate' }).click();
  await expect(page.getByRole('status', { name: 'Generation' })).toHaveText(/Step \d+ of 200/);
  await expect(page.getByRole('img', { name: /^Preview at step/ })).toBeVisible({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Generate' })).toBeEnabled();
  await expect(app.history.getByRole('listitem')).toHaveCount(0);
  await expect(app.complaints).toHaveCount(0);

  await test.step('a number that cannot be is not painted with another', async () => {
    const seed = page.getByRole('spinbutton', { name: 'Seed' });
    for (const wrong of ['5400121572116419000', '-1', '2.5', '']) {
      await seed.fill(wrong);
      await expect(app.complaints).toHaveText('A whole number from 0 to 4,294,967,295');
      await page.getByRole('button', { name: 'Generate' }).click();
      await page.keyboard.press('ControlOrMeta+Shift+Enter');
      await expect(seed).toBeFocused();
      await expect(seed).toHaveValue(wrong);
      await expect(seed).toHaveAccessibleDescription('A whole number from 0 to 4,294,967,295');
    }
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(app.history.getByRole('listitem')).toHaveCount(0);
    // Where there is room for the graph or the picture, the field is brought to the screen.
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('radio', { name: 'Graph' }).click();
    await expect(seed).toBeHidden();
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect(seed).toBeFocused();
    await page.setViewportSize({ width: 1280, height: 800 });
    await seed.press('Escape');
    await expect(seed).toHaveValue('7');
    await seed.fill('-1');
    await page.getByRole('button', { name: 'New seed' }).click();
    await expect(app.complaints).toHaveCount(0);
  });

  await test.step('a worker that ends without a word is heard of at once, and another one paints', async () => {
    await page.getByRole('button', { name: 'Generate' }).click();
    await expect(page.getByRole('status', { name: 'Generation' })).toHaveText(/Step \d+ of 200/);
    // It ends before it could answer.
    await Promise.allSettled(page.workers().map((worker) => worker.evaluate(() => self.close())));
    await expect(app.complaints).toContainText('was started again. Your graph is kept.');
    await app.ready();
  });

  await app.set('Steps', 2);
  await app.generate();

  await test.step('the report says what painted, and what each part took', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await app.menu('View', 'Engine report…');
    const report = page.getByRole('dialog', { name: 'Engine' });
    await expect(report).toContainText(/BackendWASM · \d threads/);
    await expect(report).toContainText(/Denoiser[\d,]+ ms/);
    await report.getByRole('button', { name: 'Copy report' }).click();
    await expect(page.getByText('Report copied.')).toBeVisible();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toMatch(/^Sgraffito engine report\nEngine\n {2}Model: Picturebook, as it came with the app\n/);
    expect(text).not.toContain('sheep');
    await page.keyboard.press('Escape');
    await expect(report).toHaveCount(0);
  });

  await test.step('the student paints in its own passes, and closes the fields that have no say', async () => {
    const steps = page.getByRole('spinbutton', { name: 'Steps', exact: true });
    const sampler = page.getByRole('combobox', { name: 'Sampler' });
    const before = await sampler.inputValue();
    await steps.fill('0');
    await expect(app.complaints).toContainText('A whole number from 1');
    await sampler.selectOption('Student');
    await expect(app.complaints).toHaveCount(0);
    await expect(steps).toBeDisabled();
    await expect(steps).toHaveValue('4');
    await app.generate();
    await sampler.selectOption(before);
    await expect(steps).toHaveValue('2');
    await expect(steps).toBeEnabled();
  });

  await test.step('at the next visit what was dismissed is not said, nor that there was a restart', async () => {
    await page.reload();
    await app.ready();
    await expect(page.locator('.notice')).toHaveCount(0);
  });
});

test('nodes, edges and the picture light each other up, and each says whether it was found', async ({ app, page }) => {
  await app.open();
  await app.openFile('lawn.json', JSON.stringify(graphOf(['cloud', 'grass', 'sky'], [[0, 'above', 1]])));
  await app.set('Steps', 2);
  await app.generate();
  const stage = page.locator('.stage');
  const layers = stage.locator('canvas');
  await expect(layers).toHaveCount(1);

  for (const [name, element] of [
    ['a node', app.object('grass')],
    ['an edge', app.relation('cloud above grass')],
  ] as const) {
    await test.step(`${name} shows its pixels`, async () => {
      await element.hover();
      await expect(layers).toHaveCount(2);
      await page.mouse.move(2, 2);
      await expect(layers).toHaveCount(1);
    });
  }
  await test.step('the picture shows its node', async () => {
    const { x, y, width, height } = await app.boxOf(stage);
    await page.mouse.move(x + width / 2, y + height * 0.92);
    await expect(app.object('grass').locator('[data-lit="true"]')).toBeVisible();
  });
  await test.step('with the focus on the picture, arrow keys go through its objects', async () => {
    await page.mouse.move(2, 2);
    const walk = page.getByRole('slider', { name: 'Objects in the picture' });
    await walk.focus();
    await page.keyboard.press('ArrowRight');
    await expect(walk).toHaveAttribute('aria-valuetext', /^(cloud|grass|sky), /);
    await expect(layers).toHaveCount(2);
  });
  const marks = app.canvas.getByRole('img', { name: /in the picture$/ });
  const counts = page.getByText(/\d of 3 objects/);
  await test.step('every object and relation has its verdict', async () => {
    await expect(marks).toHaveCount(4);
    await expect(counts).toBeVisible();
  });
  const earlier = page.getByRole('status', { name: 'What the picture was painted from' });
  await test.step('what is removed under the hand leaves no shadow on the picture', async () => {
    await app.select('sky');
    await expect(layers).toHaveCount(2);
    await page.keyboard.press('Delete');
    await expect(layers).toHaveCount(1);
    await expect(earlier).toContainText('Of an earlier graph');
    await page.keyboard.press('ControlOrMeta+z');
    await expect(counts).toBeVisible();
  });
  await test.step('an empty canvas has no marks, no counts, and the way back', async () => {
    await app.newGraph();
    await expect(earlier).toBeVisible();
    await expect(counts).toHaveCount(0);
    await expect(earlier.getByRole('button', { name: 'Paint again' })).toBeDisabled();
  });
  await test.step('in another graph the same ids mean other things', async () => {
    await app.openFile('other.json', JSON.stringify(graphOf(['cloud', 'grass', 'tree'], [[0, 'above', 1]])));
    await expect(app.object('tree')).toBeVisible();
    await expect(marks).toHaveCount(0);
    await app.boxOf(app.object('cloud'));
    await app.object('cloud').hover();
    await expect(app.object('cloud').locator('[data-lit="true"]')).toBeVisible();
    await expect(layers).toHaveCount(1);
    const { x, y, width, height } = await app.boxOf(stage);
    await page.mouse.move(x + width / 2, y + height * 0.92);
    await expect(layers).toHaveCount(2);
    await expect(app.canvas.locator('[data-lit="true"]')).toHaveCount(0);
  });
  await test.step('its graph is restored with its marks; another graph is painted again', async () => {
    await earlier.getByRole('button', { name: 'Restore its graph' }).click();
    await expect(marks).toHaveCount(4);
    await expect(earlier).toHaveCount(0);
    await app.pressTool('cloud above grass', 'Opposite');
    await app.set('Steps', 1);
    await app.paints(() => earlier.getByRole('button', { name: 'Paint again' }).click());
    await expect(earlier).toHaveCount(0);
    await expect(marks).toHaveCount(4);
  });
});
