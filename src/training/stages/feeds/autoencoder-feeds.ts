/** From rendered scenes to latents, and what else the decoder is taught with. */
import { cellFeatures, GRID, shownIn } from '#training/corpus/sample/cell-features.ts';
import { isThing, type RenderedScene } from '#training/corpus/world/scene.ts';
import { encodeCells, LATENT_CHANNELS, LATENT_SIDE } from '#training/networks/autoencoder.ts';

const CELLS = GRID * GRID;

const featuresOf = (rendered: RenderedScene) => cellFeatures(rendered.scene, shownIn(rendered));

/** (LATENT_CHANNELS, 8, 8) the true latent of a scene, not standardised. */
export const sceneLatent = (rendered: RenderedScene): Float32Array => encodeCells(featuresOf(rendered));

/** (B, LATENT_CHANNELS, 8, 8) */
export function latentBatch(scenes: readonly RenderedScene[]): Float32Array {
  const size = LATENT_CHANNELS * LATENT_SIDE ** 2;
  const batch = new Float32Array(scenes.length * size);
  scenes.forEach((rendered, index) => {
    batch.set(sceneLatent(rendered), index * size);
  });
  return batch;
}

/** What a decoder is told in training: (B, cells) the nearest drawing that each cell shows, and (B) the style. */
export function drawingFeeds(scenes: readonly RenderedScene[]): Record<'drawings' | 'style', Int32Array> {
  const all = scenes.map(featuresOf);
  const drawings = new Int32Array(scenes.length * CELLS);
  all.forEach((features, index) => {
    drawings.set(features.drawings.subarray(0, CELLS), index * CELLS);
  });
  return { drawings, style: Int32Array.from(all, ({ style }) => style) };
}

/** (B, 1, size, size): 1 + objectWeight · (share of things in the pixel's cell), of mean 1 in each picture. */
export function pixelWeights(scenes: readonly RenderedScene[], objectWeight: number): Float32Array {
  const size = scenes[0]?.size ?? 0;
  const weights = new Float32Array(scenes.length * size * size);
  const pixels = size / GRID;
  scenes.forEach(({ scene, masks }, index) => {
    const cover = new Float32Array(CELLS).fill(1);
    scene.objects.forEach((object, place) => {
      if (!isThing(object)) return;
      for (let cell = 0; cell < CELLS; cell++)
        cover[cell] = (cover[cell] as number) + (objectWeight * (masks[place * CELLS + cell] as number)) / 255;
    });
    const mean = cover.reduce((sum, value) => sum + value, 0) / CELLS;
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const cell = Math.floor(y / pixels) * GRID + Math.floor(x / pixels);
        weights[(index * size + y) * size + x] = cover[cell]! / mean;
      }
    }
  });
  return weights;
}
