/** What the verifier says of a picture, per node and edge of its graph. */

import type { Tensor } from '#diffusion/tensor.ts';
import type { Picture, Verdict, Verification } from '#engine/contract/protocol.ts';
import type { Box } from '#graph/places/geometry.ts';
import type { SceneGraph } from '#graph/scene-graph.ts';
import { bindDetections } from './bind-detections.ts';
import { type Detection, type DetectionSpec, detect } from './detect.ts';
import type { DetectionMaps } from './onnx-verifier.ts';
import { type Located, relationHolds } from './relation-holds.ts';

/** A label whose strongest cell misses its threshold by less than this share may be there. */
const NEARLY = 0.7;

/**
 * Objects with one label share their detections so that the most relations hold: the graph does not say which sheep is the first.
 * @param maps of one picture, B = 1
 * @param toPicture where a box of the maps lies in the picture, when they are of another view of it
 */
export function verify(
  graph: SceneGraph,
  maps: DetectionMaps,
  spec: DetectionSpec,
  toPicture: (box: Box) => Box = (box) => box,
): Verification {
  const indexOf = new Map(graph.objects.map(({ id }, i) => [id, i]));
  const relations = graph.relations.map(({ subject, predicate, object }) => ({
    subject: indexOf.get(subject)!,
    predicate,
    object: indexOf.get(object)!,
  }));
  const detections = detect(maps.presence, maps.depth, spec).map((seen) => ({ ...seen, box: toPicture(seen.box) }));
  const holds = (predicate: string, s: Located, o: Located) => relationHolds(predicate, s, o) === true;
  const bound = bindDetections({ objects: graph.objects, relations }, detections, holds);
  const halfCell = 0.5 / maps.presence.dims.at(-1)!;
  return {
    objects: Object.fromEntries(
      graph.objects.map(({ id, label }, i) => [id, bound[i] ? 'found' : verdictOfAbsence(label, maps.presence, spec)]),
    ),
    relations: Object.fromEntries(
      relations.map(({ subject, predicate, object }, r) => [
        graph.relations[r]!.id,
        verdictOfRelation(predicate, bound[subject], bound[object], halfCell),
      ]),
    ),
    sightings: Object.fromEntries(
      graph.objects.flatMap(({ id }, i) => {
        const seen = bound[i];
        return seen ? [[id, { box: seen.box, score: seen.score }]] : [];
      }),
    ),
  };
}

/** The verifier cannot miss what it was never taught, and a thing it almost saw may be there. */
function verdictOfAbsence(label: string, presence: Tensor, { labels, thresholds }: DetectionSpec): Verdict {
  const index = labels.indexOf(label);
  if (index < 0) return 'unsure';
  const area = presence.data.length / labels.length;
  const peak = presence.data.subarray(index * area, (index + 1) * area).reduce((most, p) => Math.max(most, p), 0);
  const isTaken = peak >= thresholds[index]!; // by another object of the same label
  return !isTaken && peak >= NEARLY * thresholds[index]! ? 'unsure' : 'missing';
}

/** Unsure when an end was not found, or when moving one box by half a cell turns the answer round. */
function verdictOfRelation(
  predicate: string,
  subject: Detection | undefined,
  object: Detection | undefined,
  halfCell: number,
): Verdict {
  if (!subject || !object) return 'unsure';
  const steps = [-halfCell, halfCell].flatMap((step) => [[step, 0] as const, [0, step] as const]);
  const nudged = steps.map(([dx, dy]) => ({ ...subject, box: shifted(subject.box, dx, dy) }));
  const answers = [subject, ...nudged].map((place) => relationHolds(predicate, place, object));
  if (answers.some((answer) => answer !== answers[0])) return 'unsure';
  switch (answers[0]) {
    case true:
      return 'found';
    case false:
      return 'missing';
    default:
      return 'unsure';
  }
}

const shifted = (box: Box, dx: number, dy: number): Box => [box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy];

/** 8-bit RGBA → (1, 3, H, W) in [−1, 1], what the verifier reads. */
export function imageOf({ width, height, pixels }: Picture): Tensor {
  const area = width * height;
  const data = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) {
    for (let channel = 0; channel < 3; channel++) data[channel * area + i] = pixels[4 * i + channel]! / 127.5 - 1;
  }
  return { data, dims: [1, 3, height, width] };
}
