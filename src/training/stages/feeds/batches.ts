/** From rendered scenes to the arrays that networks read. */
import type { RenderedScene } from '#training/corpus/world/scene.ts';

/** (B, 3, size, size) in [−1, 1]. */
export function imageBatch(scenes: readonly Pick<RenderedScene, 'rgb' | 'size'>[]): Float32Array {
  const size = scenes[0]?.size ?? 0;
  const plane = size * size;
  const batch = new Float32Array(scenes.length * 3 * plane);
  scenes.forEach(({ rgb }, index) => {
    const base = index * 3 * plane;
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const from = (y * size + x) * 3;
        const to = base + y * size + x;
        batch[to] = rgb[from]! / 127.5 - 1;
        batch[to + plane] = rgb[from + 1]! / 127.5 - 1;
        batch[to + 2 * plane] = rgb[from + 2]! / 127.5 - 1;
      }
    }
  });
  return batch;
}
