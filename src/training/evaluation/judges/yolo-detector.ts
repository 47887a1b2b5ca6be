/** A user's YOLO detector, for an OOR that can be compared with the paper's, which uses YOLOv7, and for relations that boxes decide. */
import type { Picture } from '#diffusion/picture.ts';
import type { Tensor } from '#diffusion/tensor.ts';
import type { Detection } from '#engine/verifier/detect.ts';
import { boxesDecide, relationHolds } from '#engine/verifier/relation-holds.ts';
import type { Box } from '#training/corpus/world/scene.ts';
import { pictureTensor } from '#training/files/picture-tensor.ts';
import { letterbox } from '#training/files/resize.ts';
import { wordAmong } from './coco-classes.ts';
import type { Judge, Judgement } from './judge.ts';
import { NetworkShapeError, type OnnxNetwork, outputNamed } from './onnx-network.ts';

export interface DetectedBox {
  readonly label: string;
  /** Confidence in [0, 1]. */
  readonly score: number;
  readonly box: Box;
}

export interface YoloOptions {
  /** Names of the classes in the network's order. */
  readonly labels: readonly string[];
  /** Detections below it are dropped; 0.25 is the reference's default. */
  readonly confidence?: number;
}

/** Pixels per side, where the file does not say. */
const USUAL_SIDE = 640;
/** Reference letterboxes are filled with this grey. */
const GREY = 114 / 255;

/** Left, top, right, bottom in the letterbox's pixels. */
interface Found {
  readonly edges: readonly [number, number, number, number];
  readonly index: number;
  readonly score: number;
}

/**
 * Runs a detector that was exported with its suppression of doubles: one input (1, 3, side, side) of red, green, blue in [0, 1], and one output,
 * either (N, 7) as YOLOv7 gives it (`--end2end --max-wh`: picture, box, class, confidence), or (1, N, 6) as later ones do (box, confidence,
 * class). The picture is letterboxed as in the reference.
 * @throws NetworkShapeError when the output has another shape or names a class without a label.
 */
export async function yoloDetections(
  network: OnnxNetwork,
  picture: Picture,
  { labels, confidence = 0.25 }: YoloOptions,
): Promise<readonly DetectedBox[]> {
  const [input] = network.inputs as [string];
  const letter = letterbox(pictureTensor([picture], 0), network.fixedSize(input, 2) ?? USUAL_SIDE, GREY);
  const output = outputNamed(await network.run({ [input]: letter.image }), network.outputs[0]);
  const inPicture = (value: number, start: number, extent: number) =>
    Math.min(1, Math.max(0, (value - start) / extent));
  return foundIn(output, network.file)
    .filter(({ score }) => score >= confidence)
    .map(({ edges: [x0, y0, x1, y1], index, score }) => {
      const label = labels[index];
      if (label === undefined) {
        throw new NetworkShapeError(
          `${network.file} found something of class ${index}, and there are names for ${labels.length}: give the names of its classes, one a line, with --classes FILE`,
        );
      }
      return {
        label,
        score,
        box: [
          inPicture(x0, letter.left, letter.width),
          inPicture(y0, letter.top, letter.height),
          inPicture(x1, letter.left, letter.width),
          inPicture(y1, letter.top, letter.height),
        ] as const,
      };
    });
}

function foundIn({ data, dims }: Tensor, file: string): Found[] {
  const columns = dims.at(-1)!;
  const rows = Array.from({ length: data.length / columns }, (_, n) => [
    ...data.subarray(n * columns, (n + 1) * columns),
  ]);
  const found = ([x0, y0, x1, y1]: number[], index: number, score: number): Found => ({
    edges: [x0!, y0!, x1!, y1!],
    index,
    score,
  });
  if (dims.length === 2 && columns === 7) return rows.map((row) => found(row.slice(1), row[5]!, row[6]!));
  if (dims.length === 3 && columns === 6) return rows.map((row) => found(row, row[5]!, row[4]!));
  throw new NetworkShapeError(
    `${file}: a detector's output must be (N, 7), as YOLOv7 exports with --end2end --max-wh, or (1, N, 6); it is (${dims.join(', ')})`,
  );
}

/**
 * A detector as a judge. It knows nothing of nearness, so it is not asked about what stands behind what. It looks at each picture once, whoever
 * asks.
 */
export function yoloJudge(network: OnnxNetwork, options: YoloOptions): Judge<Detection> {
  const seen = new WeakMap<Picture, Judgement<Detection>>();
  const lookAt = async (picture: Picture): Promise<Judgement<Detection>> => {
    const found = await yoloDetections(network, picture, options);
    return { detections: found.map((each) => ({ ...each, depth: 0 })), presence: [] };
  };
  return {
    name: 'YOLO detector',
    word: wordAmong(options.labels),
    decides: boxesDecide,
    holds: (predicate, subject, object) => relationHolds(predicate, subject, object) === true,
    async look(pictures) {
      const judgements: Judgement<Detection>[] = [];
      for (const picture of pictures) {
        const judgement = seen.get(picture) ?? (await lookAt(picture));
        seen.set(picture, judgement);
        judgements.push(judgement);
      }
      return judgements;
    },
  };
}
