/** Where the things of a picture are. */
import { boxOf } from '#editor/history/attention.ts';
import type { PictureRecord } from '#editor/history/picture-record.ts';
import { wasPainted } from '#editor/painting/findings.ts';
import type { Box } from '#graph/places/geometry.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';

/**
 * By the verifier's sightings, else by the attention that drew them. What the verifier did not find is nowhere, and so is what has changed
 * since the picture was painted.
 * @param record of the graph's document; null without one
 * @returns by id, in [0, 1] of the picture
 */
export function paintedBoxes(record: PictureRecord | null, graph: SceneGraph): ReadonlyMap<string, Box> {
  if (!record) return new Map();
  const { objects, sightings } = record.result.verification;
  return new Map(
    graph.objects
      .filter((object) => wasPainted(record, object))
      .flatMap(({ id }) => {
        const box = sightings?.[id]?.box ?? (objects[id] === 'missing' ? undefined : boxOf(record, id));
        return box ? [[id, box]] : [];
      }),
  );
}
