import { meadow } from './app/graph-files.ts';
import { expect, test } from './app/sgraffito.ts';

const SENTENCE = 'a boy riding a horse in front of a house under the sky';

test('a sentence becomes a graph, and one undo takes it back', async ({ app, page }) => {
  await app.open();
  await app.newGraph();
  await page.getByRole('button', { name: 'Type a sentence' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sentence to graph' });
  await dialog.getByRole('textbox', { name: 'Sentence' }).fill(SENTENCE);
  await expect(dialog.getByRole('list', { name: 'Graph' }).getByRole('listitem')).toHaveText([
    'boy riding horse',
    'horse in front of house',
    'house under sky',
  ]);
  await dialog.getByRole('button', { name: 'Make the graph' }).click();
  await expect(dialog).toHaveCount(0);
  await expect
    .poll(() => app.graphOnScreen())
    .toEqual({
      objects: ['Object boy', 'Object horse', 'Object house', 'Object sky'],
      relations: ['Relation boy riding horse', 'Relation horse in front of house', 'Relation house under sky'],
    });
  const { objects } = await app.saveGraph();
  const places = new Set(objects.map(({ position }) => `${position.x} ${position.y}`));
  expect(places.size, 'laid out, none on another').toBe(4);
  await app.menu('Edit', 'Undo');
  await expect(app.objects).toHaveCount(0);
  await app.menu('Edit', 'Redo');
  await expect(app.relations).toHaveCount(3);
});

test('by keyboard alone, beside what is there or in its place; what is not understood is said', async ({
  app,
  page,
}) => {
  await app.open();
  await app.openFile('meadow.json', JSON.stringify(meadow));
  await expect(app.object('tree')).toBeVisible();
  const before = await app.graphOnScreen();
  const dialog = page.getByRole('dialog', { name: 'Sentence to graph' });

  await test.step('added', async () => {
    await page.keyboard.press('t');
    await expect(dialog.getByRole('textbox')).toBeFocused();
    await page.keyboard.type('two puppies chewing a flibbert next to a bus, zonkily');
    await expect(dialog.getByText(/Not understood: .*“zonkily”/)).toBeVisible();
    await expect(dialog.getByText('“puppies” is drawn as dog.')).toBeVisible();
    await expect(dialog.getByText(/“flibbert”: The model does not know/)).toBeVisible();
    const open = dialog.getByRole('combobox', { name: /no relation “chewing”/ });
    await open.selectOption('holding');
    await dialog.getByRole('textbox').press('Enter');
    await expect(dialog).toHaveCount(0);
    await expect(app.object('flibbert')).toBeVisible();
    const { objects, relations } = await app.graphOnScreen();
    expect(objects).toEqual(
      [...before.objects, 'Object bus', 'Object dog 1', 'Object dog 2', 'Object flibbert'].sort(),
    );
    expect(relations).toEqual(expect.arrayContaining([...before.relations, 'Relation dog holding flibbert']));
  });

  await test.step('one step back', async () => {
    await page.keyboard.press('ControlOrMeta+z');
    await expect.poll(() => app.graphOnScreen()).toEqual(before);
  });

  await test.step('in its place, from the command palette', async () => {
    await page.keyboard.press('/');
    await app.answer('Sentence to graph');
    await page.keyboard.type('a cat on a bed');
    // Keys that were typed while the dialog was on its way come to it one after another.
    await expect(dialog.getByRole('textbox')).toHaveValue('a cat on a bed');
    const replace = dialog.getByRole('button', { name: 'Replace the graph' });
    await expect(replace).toBeEnabled();
    await replace.press('Enter');
    await expect
      .poll(() => app.graphOnScreen())
      .toEqual({ objects: ['Object bed', 'Object cat'], relations: ['Relation cat on bed'] });
  });

  await test.step('nothing understood, nothing done', async () => {
    await page.keyboard.press('t');
    await page.keyboard.type('quickly running');
    await expect(dialog.getByText('No object was understood yet.')).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Add to the graph' })).toBeDisabled();
    await page.keyboard.press('Enter');
    await expect(dialog).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(app.relation('cat on bed')).toBeVisible();
  });
});
