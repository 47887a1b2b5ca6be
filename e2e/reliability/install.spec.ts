import { decode } from 'fast-png';
import { expect, test } from '../app/sgraffito.ts';

interface AppManifest {
  readonly icons: readonly {
    readonly src: string;
    readonly sizes: string;
    readonly type: string;
    readonly purpose: string;
  }[];
}

test('the app can be installed: Chromium finds nothing against it, and every icon is what it says', async ({
  app,
  page,
  context,
}) => {
  await app.visit();
  const session = await context.newCDPSession(page);
  const { url, errors, data } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // A fresh browser profile is a private window, and those install nothing.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);

  const { icons } = JSON.parse(data ?? '') as AppManifest;
  const pngs = icons.filter(({ type }) => type === 'image/png');
  expect(pngs.map(({ sizes, purpose }) => `${sizes} ${purpose}`)).toEqual([
    '192x192 any',
    '512x512 any',
    '512x512 maskable',
  ]);
  for (const { src, sizes, purpose } of pngs) {
    const response = await page.request.get(new URL(src, url).href);
    expect(response.headers()['content-type']).toBe('image/png');
    const { width, height, data: pixels } = decode(await response.body());
    expect(`${width}x${height}`).toBe(sizes);
    // The corner of a maskable icon is painted, so that any shape can be cut from it.
    expect(pixels[3], `${src}: opacity of its corner`).toBe(purpose === 'maskable' ? 255 : 0);
  }
});
