import { meadow } from './app/graph-files.ts';
import { contrast, psnr } from './app/pixels.ts';
import { expect, test } from './app/sgraffito.ts';

// SwiftShader computes on the processor, and slowly: every network once (the loop around them is the same on both), and much patience.
test.setTimeout(900_000);

test('WebGPU and WASM paint the same picture', async ({ app }) => {
  const paintOn = async (backend: 'wasm' | 'webgpu', name: string) => {
    await app.open({ backend });
    await expect(app.status).toContainText(name);
    await app.openFile('meadow.json', JSON.stringify(meadow));
    await expect(app.objects).toHaveCount(3);
    await app.set('Seed', 5);
    await app.set('Steps', 1);
    await app.generate(800_000);
    // A backend that failed half-way would have been replaced, with a notice.
    await expect(app.status).toContainText(name);
    return app.picturePixels();
  };
  const wasm = await paintOn('wasm', 'WASM');
  const webgpu = await paintOn('webgpu', 'WebGPU');
  expect(contrast(wasm)).toBeGreaterThan(8);
  expect(psnr(wasm, webgpu)).toBeGreaterThanOrEqual(40);
});
