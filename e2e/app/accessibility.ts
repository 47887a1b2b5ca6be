/** axe on what the screen shows. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, settle } from './sgraffito.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** All that can be another in the dark; the rest is looked at in the light. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** Its 206 labels are most of the page, and the same in every state: one look at them is enough. */
const PALETTE = '.palette-list';

/** Until the page is in the light: what opens while its colours change has those of before for a moment. */
async function light(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await settle(page);
}

/** In the light by every rule, and in the dark again by those of colours. @param whole with the labels of the palette */
export async function expectAccessible(page: Page, state: string, { whole = false } = {}): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
    // Colours are measured when nothing moves any more.
    await settle(page);
    const builder = new AxeBuilder({ page });
    const axe = colorScheme === 'dark' ? builder.withRules(OF_COLOURS) : builder.withTags(TAGS);
    const { violations } = await (whole ? axe : axe.exclude(PALETTE)).analyze();
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    );
    expect.soft(found, `${state}, ${colorScheme}`).toEqual([]);
  }
  await light(page);
}
