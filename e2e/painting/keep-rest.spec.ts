/** "Keep the rest": a change of one edge leaves alone what it does not reach. */
import { graphOf } from '../app/graph-files.ts';
import type { Pixels } from '../app/pixels.ts';
import { expect, test } from '../app/sgraffito.ts';

const scene = graphOf(
  ['cloud', 'mountain', 'dog', 'cat', 'grass', 'sky'],
  [
    [0, 'above', 1],
    [2, 'left of', 3],
  ],
);

/** Share of pixels that two pictures have in common, to the byte. */
function sameShare(a: Pixels, b: Pixels): number {
  let same = 0;
  for (let at = 0; at < a.data.length; at += 4) {
    if ([0, 1, 2].every((channel) => a.data[at + channel] === b.data[at + channel])) same++;
  }
  return same / (a.data.length / 4);
}

test('paints anew only what a changed edge reaches, says so, and records it', async ({ app, page }) => {
  await app.open();
  await app.openFile('scene.json', JSON.stringify(scene));
  await app.set('Steps', 4);
  await app.generate();
  const first = await app.picturePixels();
  // Another seed as well: painted as a whole, little would stay by itself.
  await app.pressTool('dog left of cat', 'Opposite');
  await app.set('Seed', 4242);
  await app.generate();
  const whole = await app.picturePixels();

  await app.history.getByRole('listitem').last().getByRole('button').first().click();
  await expect(app.relation('dog left of cat')).toBeVisible();
  await page.getByRole('switch', { name: 'Keep the rest' }).click();
  await expect(page.getByRole('slider', { name: /^Strength/ })).toBeVisible();
  await app.pressTool('dog left of cat', 'Opposite');
  await app.set('Seed', 4242);
  await app.generate();
  const kept = await app.picturePixels();
  expect(kept.data).not.toEqual(first.data);
  expect(sameShare(kept, first)).toBeGreaterThan(sameShare(whole, first));

  await test.step('the comparison names the change', async () => {
    await page.getByRole('radio', { name: 'Side by side' }).click();
    await expect(page.getByText('dog left of cat → dog right of cat')).toBeVisible();
    await page.getByRole('radio', { name: 'Picture', exact: true }).click();
  });

  await test.step('the exported file is enough to make it again, without the picture that was kept', async () => {
    const file = await app.exportPng();
    await page.getByRole('switch', { name: 'Keep the rest' }).click();
    await app.openFile('kept.png', file);
    await expect(page.getByText(/It kept the rest of a picture before it/)).toBeVisible();
    await app.generate();
    expect((await app.picturePixels()).data).toEqual(kept.data);
  });

  await test.step('so is its place in the history, until the seed is another', async () => {
    await app.history.getByRole('listitem').last().getByRole('button').first().click();
    await app.history.getByRole('listitem').first().getByRole('button').first().click();
    await app.generate();
    expect((await app.picturePixels()).data).toEqual(kept.data);
    await app.set('Seed', 4243);
    await app.generate();
    expect((await app.picturePixels()).data).not.toEqual(kept.data);
  });

  await test.step('the whole is painted where there is nothing to keep, and the reason is said', async () => {
    await app.set('Steps', 2);
    await page.getByRole('switch', { name: 'Keep the rest' }).click();
    // The message goes after four seconds, which may be before the picture comes.
    const message = page.getByText('The graph is the one of the picture on screen.');
    await Promise.all([message.waitFor(), app.generate()]);
  });
});
