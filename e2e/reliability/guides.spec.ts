import { expect, test } from '../app/sgraffito.ts';

test('the guides open from the list of keys, readable and in the colours of the system', async ({
  app,
  page,
  context,
}) => {
  await app.open();
  await page.keyboard.press('?');
  const links = page.getByRole('dialog').getByRole('list').getByRole('link');
  await expect(links).toHaveText(['Training', 'Design notes', 'Formats and limits', 'Reliability', 'Model card']);
  for (const [name, heading] of [
    ['Training', 'Training'],
    ['Model card', 'Picturebook'],
  ] as const) {
    const opened = context.waitForEvent('page');
    await links.filter({ hasText: name }).click();
    const guide = await opened;
    await expect(guide.getByRole('heading', { level: 1 })).toHaveText(heading);
    await expect(guide.getByRole('table').first()).toBeVisible();
    await guide.close();
  }
});

test('the built page evaluates nothing: its policy refuses eval and inline scripts', async ({ app, page }) => {
  await app.open();
  const refused = await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.inlineScriptRan = true';
    const violation = new Promise<string>((resolve) => {
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective), {
        once: true,
      });
    });
    document.head.append(script);
    const directive = await violation;
    let evaluated = true;
    try {
      // biome-ignore lint/security/noGlobalEval: what the policy must refuse
      globalThis.eval('1 + 1');
    } catch {
      evaluated = false;
    }
    return { directive, evaluated, ran: 'inlineScriptRan' in globalThis };
  });
  expect(refused).toEqual({ directive: 'script-src-elem', evaluated: false, ran: false });
});
