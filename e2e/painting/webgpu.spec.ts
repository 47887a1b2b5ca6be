import type { Page } from '@playwright/test';
import { meadow } from '../app/graph-files.ts';
import { contrast, psnr } from '../app/pixels.ts';
import { expect, test } from '../app/sgraffito.ts';

// SwiftShader computes on the processor, and slowly: every network once (the loop around them is the same on both), one page, and much patience.
test.setTimeout(900_000);

interface ProfiledNode {
  readonly op_name: string;
  readonly provider: string;
  readonly input_type_shape: readonly Readonly<Record<string, readonly number[]>>[];
}

/** Has ONNX Runtime profile the sessions on WebGPU. @returns the nodes it ran, filled when a session is released: then it writes its profile to the console */
async function profileSessions(page: Page): Promise<readonly ProfiledNode[]> {
  const nodes: ProfiledNode[] = [];
  page.on('console', (message) => {
    const event = /^\[?(\{"cat" ?:.*\}),?\]?$/.exec(message.text().trim())?.[1];
    if (!event) return;
    const { args, cat } = JSON.parse(event) as { cat: string; args?: Partial<ProfiledNode> };
    if (cat === 'Node' && args?.provider) nodes.push(args as ProfiledNode);
  });
  await page.route(/\/assets\/worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/executionProviders:\[\{name:[`'"]webgpu/, 'enableProfiling:!0,$&');
    await route.fulfill({ response, body });
  });
  return nodes;
}

/** ArgMax answers in 64-bit integers, and what WebGPU computes in has 32: these casts of a few indices stay on the processor. */
const isCastOfIndices = ({ op_name, input_type_shape }: ProfiledNode) =>
  op_name === 'Cast' && input_type_shape.some((type) => 'int64' in type);
const isCopy = ({ op_name }: ProfiledNode) => op_name.startsWith('Memcpy');

test('WebGPU and WASM paint the same picture, on WebGPU by its own nodes', async ({ app, page }) => {
  const nodes = await profileSessions(page);
  await app.start({ backend: 'webgpu' });
  // With the trial of the device.
  await app.ready(600_000);
  await expect(app.status).toContainText('WebGPU');
  await app.openFile('meadow.json', JSON.stringify(meadow));
  await expect(app.objects).toHaveCount(3);
  await app.set('Seed', 5);
  await app.set('Steps', 1);
  await app.generate(800_000);
  // A backend that failed half-way would have been replaced, with a notice.
  await expect(app.status).toContainText('WebGPU');
  const webgpu = await app.picturePixels();

  const report = page.getByRole('dialog', { name: 'Engine' });
  const trial = report.locator('dl > div', { hasText: 'Trial' });
  let told = '';

  await test.step('the trial of the device is told, and another backend can be chosen', async () => {
    await app.menu('View', 'Engine report…');
    await expect(report).toContainText(/Adapter.*swiftshader/i);
    await expect(trial).toHaveText(/^TrialWebGPU [\d,]+ ms, processor [\d,]+ ms a pass$/);
    told = (await trial.textContent()) ?? '';
    await report.getByRole('combobox', { name: 'Paint with' }).selectOption('wasm');
    await page.keyboard.press('Escape');
    await expect(app.status).toContainText('WASM', { timeout: 120_000 });
  });

  await test.step('every node was placed on the device', () => {
    const elsewhere = nodes.filter((node) => node.provider !== 'WebGpuExecutionProvider');
    expect(elsewhere.filter((node) => !isCastOfIndices(node)).map(({ op_name }) => op_name)).toEqual([]);
    expect(new Set(nodes.filter(isCopy)).size).toBeLessThanOrEqual(2 * elsewhere.length);
    // Of all four networks.
    expect(nodes.length).toBeGreaterThan(1900);
  });

  await app.generate();
  const wasm = await app.picturePixels();
  expect(contrast(wasm)).toBeGreaterThan(8);
  expect(psnr(wasm, webgpu)).toBeGreaterThanOrEqual(40);

  await test.step('the next visit knows the trial, and holds none', async () => {
    await app.open({ backend: 'webgpu' });
    await app.menu('View', 'Engine report…');
    await expect(trial).toHaveText(told);
  });
});
