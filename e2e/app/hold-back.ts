import type { Page } from '@playwright/test';

/** Holds back a part of the app. @returns lets it come */
export async function holdBack(page: Page, part: string): Promise<() => void> {
  let come = () => {};
  const promise = new Promise<void>((resolve) => {
    come = resolve;
  });
  await page.route(`**/assets/${part}-*.js`, async (route) => {
    await promise;
    await route.continue();
  });
  return come;
}
