import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULT_HUB } from '#engine/contract/model-place.ts';
import { writeTinyStableDiffusion } from '#training/package/stable-diffusion.fixture.ts';
import { writeUntrainedPackage } from '#training/package/untrained-package.fixture.ts';
import { type Choices, identityOf, openPainters, planOf } from './painters.ts';

it('tells painters apart by their weights and by how the second one paints, whatever the seed', async () => {
  const models = { model: writeUntrainedPackage(), over: writeTinyStableDiffusion(), hub: DEFAULT_HUB };
  const identities = async (...choices: readonly Choices[]): Promise<string[]> => {
    const painters = await openPainters(models);
    const found = choices.map((each) => identityOf(painters, planOf(painters, each)));
    return (await Promise.all(found).finally(() => closeAll(painters))).map((each) => JSON.stringify(each));
  };
  const closeAll = ({ drawing, over }: Awaited<ReturnType<typeof openPainters>>) =>
    Promise.all([drawing.engine.release(), over?.engine.release()]);
  const [first, laterSeed, fainter, shorter] = await identities(
    { seed: 0 },
    { seed: 9 },
    { seed: 0, strength: 0.3 },
    { seed: 0, steps: 3 },
  );
  expect(laterSeed).toBe(first);
  const weights = 'unet/model.onnx';
  copyFileSync(join(writeTinyStableDiffusion({ overflow: true }), weights), join(models.over, weights));
  const [otherWeights] = await identities({ seed: 0 });
  expect(new Set([first, fainter, shorter, otherWeights]).size).toBe(4);
}, 60_000);
