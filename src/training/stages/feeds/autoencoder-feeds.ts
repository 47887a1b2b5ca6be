/** From rendered scenes to what the autoencoder reads. */
import { cellFeatures, GRID, NUMBERS } from '#training/corpus/sample/cell-features.ts';
import type { RenderedScene } from '#training/corpus/world/scene.ts';
import type { Feeds } from '#training/trainer/training-step.ts';

/** What `encodeScene` reads of these scenes. */
export function sceneFeeds(scenes: readonly RenderedScene[]): Feeds {
  const cells = GRID * GRID;
  const feeds = {
    drawings: new Int32Array(scenes.length * cells),
    numbers: new Float32Array(scenes.length * NUMBERS * cells),
    ground: new Int32Array(scenes.length),
    style: new Int32Array(scenes.length),
    night: new Float32Array(scenes.length),
  };
  scenes.forEach((scene, index) => {
    const { drawings, numbers, ground, style, night } = cellFeatures(scene);
    feeds.drawings.set(drawings, index * cells);
    feeds.numbers.set(numbers, index * NUMBERS * cells);
    feeds.ground[index] = ground;
    feeds.style[index] = style;
    feeds.night[index] = night ? 1 : 0;
  });
  return feeds;
}

/** (B, 1, size, size): 1 + objectWeight · (share of things in the pixel's cell), of mean 1 in each picture. */
export function pixelWeights(scenes: readonly RenderedScene[], objectWeight: number): Float32Array {
  const size = scenes[0]?.size ?? 0;
  const weights = new Float32Array(scenes.length * size * size);
  const pixels = size / GRID;
  scenes.forEach((scene, index) => {
    const { numbers } = cellFeatures(scene);
    const cover = numbers.subarray(0, GRID * GRID).map((twice) => 1 + (objectWeight * twice) / 2);
    const mean = cover.reduce((sum, value) => sum + value, 0) / cover.length;
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const cell = Math.floor(y / pixels) * GRID + Math.floor(x / pixels);
        weights[(index * size + y) * size + x] = cover[cell]! / mean;
      }
    }
  });
  return weights;
}
