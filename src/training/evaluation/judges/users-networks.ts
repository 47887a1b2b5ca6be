/** Networks that published scores are made of, out of a user's files. Each is tried on one picture before hours go into painting. */
import { existsSync, readFileSync } from 'node:fs';
import type { Picture } from '#diffusion/picture.ts';
import type { Detection } from '#engine/verifier/detect.ts';
import { EvaluationInputError } from '#training/evaluation/input-error.ts';
import type { PerceptualDistance } from '#training/evaluation/scores/diversity.ts';
import { cocoClasses } from './coco-classes.ts';
import type { FeatureSpace, LabelPosterior } from './feature-space.ts';
import { inceptionSpaces } from './inception-space.ts';
import type { Judge } from './judge.ts';
import { lpipsDistance } from './lpips-distance.ts';
import { type OnnxNetwork, openNetwork } from './onnx-network.ts';
import { yoloJudge } from './yolo-detector.ts';

export interface NetworkFiles {
  readonly inceptionFile?: string | undefined;
  readonly lpipsFile?: string | undefined;
  readonly detectorFile?: string | undefined;
  /** Names of the detector's classes, one a line; COCO's when absent. */
  readonly classesFile?: string | undefined;
}

export interface UsersNetworks {
  readonly inception?: { readonly features: FeatureSpace; readonly posterior: LabelPosterior };
  readonly lpips?: PerceptualDistance;
  readonly detector?: Judge<Detection>;
}

export interface OpenedNetworks extends UsersNetworks {
  release(): Promise<void>;
}

/** What each option gives, as the table says it where a score lacks its network. */
export const networkOptions = {
  inception: '--inception FILE gives it (Inception-v3 as ONNX)',
  lpips: '--lpips FILE gives it (LPIPS, or its backbone, as ONNX)',
  detector: '--detector FILE gives it (a YOLO detector as ONNX)',
} as const;

/**
 * @param image size of the pictures that will be painted.
 * @throws NetworkShapeError or EvaluationInputError, naming the file
 */
export async function openUsersNetworks(
  { inceptionFile, lpipsFile, detectorFile, classesFile }: NetworkFiles,
  image: Pick<Picture, 'width' | 'height'>,
): Promise<OpenedNetworks> {
  if (classesFile !== undefined && detectorFile === undefined) {
    throw new EvaluationInputError('--classes names the classes of a detector: give that with --detector FILE');
  }
  const labels = classesFile === undefined ? cocoClasses : readClasses(classesFile);
  const opened: OnnxNetwork[] = [];
  const open = async (file: string): Promise<OnnxNetwork> => {
    const network = await openNetwork(file);
    opened.push(network);
    return network;
  };
  const release = async () => {
    await Promise.all(opened.map((network) => network.release()));
  };
  try {
    const inception = inceptionFile === undefined ? undefined : inceptionSpaces(await open(inceptionFile));
    const lpips = lpipsFile === undefined ? undefined : lpipsDistance(await open(lpipsFile));
    const detector = detectorFile === undefined ? undefined : yoloJudge(await open(detectorFile), { labels });
    const probe = greyPicture(image);
    await inception?.features.features([probe]);
    await inception?.posterior.posteriors([probe]);
    await lpips?.between([probe], [probe]);
    await detector?.look([probe]);
    return { ...(inception && { inception }), ...(lpips && { lpips }), ...(detector && { detector }), release };
  } catch (error) {
    await release();
    throw error;
  }
}

function readClasses(file: string): string[] {
  if (!existsSync(file)) throw new EvaluationInputError(`there is no file ${file}: --classes takes names, one a line`);
  const names = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim());
  while (names.at(-1) === '') names.pop();
  if (names.length > 0) return names;
  throw new EvaluationInputError(`${file} is empty: --classes takes names, one a line`);
}

function greyPicture({ width, height }: Pick<Picture, 'width' | 'height'>): Picture {
  return { width, height, pixels: new Uint8ClampedArray(4 * width * height).fill(128) };
}
