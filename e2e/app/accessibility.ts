/** axe on what the screen shows. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, settle } from './sgraffito.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Its 206 labels are most of the page, and the same in every state: one look at them is enough. */
const PALETTE = '.palette-list';

/** @param whole with the labels of the palette */
export async function expectAccessible(page: Page, state: string, { whole = false } = {}): Promise<void> {
  // Colours are measured when nothing moves any more.
  await settle(page);
  const axe = new AxeBuilder({ page }).withTags(RULES);
  const { violations } = await (whole ? axe : axe.exclude(PALETTE)).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  expect.soft(found, state).toEqual([]);
}
