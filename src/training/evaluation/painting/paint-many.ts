/** Many pictures, several at a time. */
import type { Networks } from '#diffusion/networks.ts';
import type { Picture } from '#diffusion/picture.ts';
import { type PaintModel, type PaintSettings, paint } from '#diffusion/pipeline.ts';
import type { GenerationSettings } from '#engine/contract/generation-settings.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { BatchedNetworks } from './batched-networks.ts';

export interface PaintJob {
  readonly graph: SceneGraph;
  /** With a size where it is not the model's own. */
  readonly settings: PaintSettings & Pick<GenerationSettings, 'size'>;
}

/**
 * Paints all jobs.
 * @param onPicture is awaited with each finished picture and the place of its job.
 */
export type PaintMany = (
  jobs: readonly PaintJob[],
  onPicture?: (picture: Picture, index: number) => void | Promise<void>,
) => Promise<Picture[]>;

/** Larger batches are no faster on two cores and cost memory. */
export const PICTURES_PER_BATCH = 8;

/**
 * The pictures of `paint`, within the rounding of the runtime: a matrix product may add up in another order when there are more rows.
 * @param onPicture is awaited with each finished picture and the place of its job.
 * @throws what `paint` throws for the first job of a batch that fails.
 */
export async function paintMany(
  networks: Networks,
  model: PaintModel,
  jobs: readonly PaintJob[],
  onPicture?: (picture: Picture, index: number) => void | Promise<void>,
  batchSize: number = PICTURES_PER_BATCH,
): Promise<Picture[]> {
  const batched = new BatchedNetworks(networks);
  const pictures: Picture[] = [];
  for (let from = 0; from < jobs.length; from += batchSize) {
    const batch = jobs.slice(from, from + batchSize);
    const finished = await batched.together(
      batch.map(
        ({ graph, settings }) =>
          async (shared) =>
            (await paint(shared, model, graph, settings)).picture,
      ),
    );
    for (const [i, picture] of finished.entries()) await onPicture?.(picture, from + i);
    pictures.push(...finished);
  }
  return pictures;
}
