/** A user's YOLO detector, for an OOR that can be compared with the paper's, which uses YOLOv7. */
import type { Picture } from '#diffusion/picture.ts';
import type { Box } from '#training/corpus/world/scene.ts';
import { pictureTensor } from '#training/files/picture-tensor.ts';
import { letterbox } from '#training/files/resize.ts';
import type { Judge } from './judge.ts';
import { NetworkShapeError, type OnnxNetwork, outputNamed } from './onnx-network.ts';

export interface DetectedBox {
  readonly label: string;
  /** Confidence in [0, 1]. */
  readonly score: number;
  readonly box: Box;
}

export interface YoloOptions {
  /** Names of the classes in the network's order; COCO's 80 by default. */
  readonly labels: readonly string[];
  /** Side of the square input, a multiple of 32. */
  readonly size?: number;
  /** Detections below it are dropped; 0.25 is the reference's default. */
  readonly confidence?: number;
}

/** Reference letterboxes are filled with this grey. */
const GREY = 114 / 255;
/** batch index, x0, y0, x1, y1, class, confidence */
const COLUMNS = 7;

/**
 * Runs a detector that was exported with its suppression of doubles (`--end2end --max-wh` in YOLOv7): one input (1, 3, size, size) of red, green,
 * blue in [0, 1], one output (N, 7). The picture is letterboxed as in the reference.
 * @throws NetworkShapeError when the output has another shape or names a class without a label.
 */
export async function yoloDetections(
  network: OnnxNetwork,
  picture: Picture,
  { labels, size = 640, confidence = 0.25 }: YoloOptions,
): Promise<readonly DetectedBox[]> {
  const box = letterbox(pictureTensor([picture], 0), size, GREY);
  const { data, dims } = outputNamed(await network.run({ [network.inputs[0]!]: box.image }), network.outputs[0]);
  if (dims.length !== 2 || dims[1] !== COLUMNS) {
    throw new NetworkShapeError(
      `the detector's output must be (N, 7), as YOLOv7 exports with --end2end --max-wh; it is (${dims.join(', ')})`,
    );
  }
  const inPicture = (value: number, start: number, extent: number) =>
    Math.min(1, Math.max(0, (value - start) / extent));
  return Array.from({ length: dims[0]! }, (_, n) => [...data.subarray(n * COLUMNS, (n + 1) * COLUMNS)])
    .filter((row) => row[6]! >= confidence)
    .map(([, x0, y0, x1, y1, index, score]) => {
      const label = labels[index!];
      if (label === undefined) {
        throw new NetworkShapeError(`the detector speaks of class ${index}, but there are ${labels.length} labels`);
      }
      return {
        label,
        score: score!,
        box: [
          inPicture(x0!, box.left, box.width),
          inPicture(y0!, box.top, box.height),
          inPicture(x1!, box.left, box.width),
          inPicture(y1!, box.top, box.height),
        ] as const,
      };
    });
}

/** A detector as a judge of objects. It knows nothing of depth, and is not asked about relations. */
export function yoloJudge(network: OnnxNetwork, options: YoloOptions): Judge<DetectedBox> {
  return {
    name: 'YOLO detector',
    holds: () => false,
    async look(pictures) {
      const judgements = [];
      for (const picture of pictures) {
        judgements.push({ detections: await yoloDetections(network, picture, options), presence: [] });
      }
      return judgements;
    },
  };
}
