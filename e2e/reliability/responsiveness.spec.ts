import type { Page } from '@playwright/test';
import { expect, test } from '../app/sgraffito.ts';

/** Milliseconds of the main thread's longest task while something happens; 0 when none reached 50. */
async function longestTask(page: Page, action: () => Promise<void>): Promise<number> {
  const observer = await page.evaluateHandle(() => {
    const seen = { longest: 0 };
    const watch = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
    });
    watch.observe({ type: 'longtask' });
    return { seen, watch };
  });
  await action();
  return observer.evaluate(({ seen, watch }) => {
    for (const { duration } of watch.takeRecords()) seen.longest = Math.max(seen.longest, duration);
    watch.disconnect();
    return seen.longest;
  });
}

test('painting never blocks the page for more than 50 ms', async ({ app, page }) => {
  await app.open();
  await app.set('Steps', 8);
  await app.generate();
  // Durations are of the clock on the wall, and the machine may have given the core to somebody else: the best of three counts.
  const durations: number[] = [];
  for (let i = 0; i < 3 && !durations.some((duration) => duration <= 50); i++) {
    durations.push(await longestTask(page, () => app.generate()));
  }
  expect(Math.min(...durations)).toBeLessThanOrEqual(50);
});
