/** The first visit's tour, taken in the real app. */
import { expectAccessible } from './app/accessibility.ts';
import { expect, test } from './app/sgraffito.ts';
import { takeTour } from './app/tour.ts';

test('the tour is offered once, blocks nothing, and ends in the user’s own turned edge beside the first picture', async ({
  app,
  page,
}) => {
  const tour = page.getByRole('complementary', { name: 'Tour' });
  const heading = tour.getByRole('heading');
  await app.open({ offered: true, greeted: true });
  await expect(tour.getByRole('button', { name: 'Take the tour' })).toBeVisible();
  await expectAccessible(page, 'the tour is offered');
  // It has taken nothing: neither the focus nor a click.
  await expect(page.locator('body')).toBeFocused();

  await test.step('turned down, it is not offered again', async () => {
    await tour.getByRole('button', { name: 'No tour' }).click();
    await expect(tour).toHaveCount(0);
    await page.reload();
    await app.ready();
    await expect(tour).toHaveCount(0);
  });

  await test.step('it can be had from the menu, and is passed by doing', async () => {
    await app.newGraph();
    await app.set('Steps', 4);
    await app.menu('View', 'Tour of 60 seconds');
    const next = { add: 'Draw a relation', relate: 'Paint', paint: 'Turn the edge', turn: 'Paint again' } as const;
    await expect(heading).toHaveText('Add an object 1 of 5');
    let objects = 0;
    for await (const step of takeTour(app)) {
      if (step === 'compare') await expect(heading).toHaveText('Your edge, turned');
      else if (step === 'add' && ++objects === 1) await expect(heading).toHaveText('Add an object 1 of 5');
      else await expect(heading).toContainText(next[step]);
      if (step === 'turn') await expectAccessible(page, 'a step of the tour');
    }
    await expect(app.picture).toHaveCount(2);
    await expect(page.getByText('dog left of cat → dog right of cat')).toBeVisible();
    await tour.getByRole('button', { name: 'Close the tour' }).click();
    await expect(tour).toHaveCount(0);
  });
});
