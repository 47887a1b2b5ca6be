/**
 * Training that goes on from a package: its models hold every weight but those of CLIP's text side and of what only teaches. Rows
 * that belong to words (predicates, styles, what the verifier sees) are put where this world has them; words that are new start as the
 * word they are nearest to.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Manifest } from '#engine/contract/manifest.ts';
import { fromHalf } from '#engine/formats/float16.ts';
import { folderSource } from '#engine/package/package-folder.ts';
import { loadPackage } from '#engine/package/package-loader.ts';
import { decodeModel } from '#onnx/file/onnx-reader.ts';
import { decodeTensor } from '#onnx/file/tensor-codec.ts';
import { classNames } from '#training/corpus/sample/sights.ts';
import { nearestWords } from '#training/corpus/world/phrases.ts';
import { packageFolder } from '#training/files/model-folder.ts';
import type { LatentStatistics } from '#training/networks/autoencoder.ts';
import { ConfigError, type TrainingConfig } from './config.ts';
import type { StageContext } from './context.ts';
import { LATENT } from './model-config.ts';

type Weights = Map<string, Float32Array>;

const timeSchema = v.object({
  seconds: v.optional(v.record(v.string(), v.number()), {}),
  before: v.optional(v.number(), 0),
});
const statisticsSchema = v.object({
  latents: v.object({ mean: v.array(v.number()), scale: v.number(), deviations: v.array(v.number()) }),
});

/** Classes of the verifier: what `classNames` were. */
const sightsSchema = v.object({ sights: v.array(v.string()) });

const HALF = '.half';
const BYTE = '.byte';
const CLIP_IMAGE = 'clip-image.onnx';

/**
 * Weights of the package that `config.start` names, by parameter; none when it names none.
 * @throws ConfigError when there is no such package of ours, or one of other networks
 */
export async function startWeights({ config, world }: StageContext): Promise<Weights> {
  if (config.start === '') return new Map();
  const folder = startFolder(config.start);
  const { manifest, files } = await loadPackage(folderSource(folder));
  checkNetworks(config, manifest, folder);
  const weights: Weights = new Map();
  for (const [name, bytes] of Object.entries(files)) if (name.endsWith('.onnx')) readWeights(bytes, weights);
  const clipImage = join(folder, CLIP_IMAGE);
  if (existsSync(clipImage)) readWeights(readFileSync(clipImage), weights);
  return fitted(weights, manifest, folder, world);
}

/**
 * The mean of weights before and after fine-tuning, `share` of those before: what was learned anew is kept at less loss of what was known (WiSE-FT,
 * Wortsman et al. 2022, equation 1). 100 minutes of fine-tuning moved neither relations (0.756 to 0.749) nor turned edges (0.524 to 0.500);
 * half-way back it was 0.766 and 0.549.
 * @param tuned weights that `start` lacks (those that only teach) stay as they are
 */
export function keptFrom(start: Weights, tuned: Weights, share: number): Weights {
  if (share === 0) return tuned;
  return new Map(
    [...tuned].map(([name, after]) => {
      const before = start.get(name);
      return [name, before ? after.map((value, i) => (1 - share) * value + share * before[i]!) : after];
    }),
  );
}

/**
 * What the package that `config.start` names takes for the mean and deviations of latents; undefined when it names none.
 * @throws ConfigError when the package does not say
 */
export function startStatistics({ config }: StageContext): LatentStatistics | undefined {
  if (config.start === '') return undefined;
  const result = v.safeParse(statisticsSchema, trainingOf(config.start));
  if (result.success) return result.output.latents;
  throw new ConfigError(`start: the manifest of ${startFolder(config.start)} lacks training.latents`);
}

/** Seconds of training behind the package that `config.start` names, and behind the one that it went on from itself; 0 for none. */
export function secondsBefore({ config }: StageContext): number {
  if (config.start === '') return 0;
  const { seconds, before } = v.parse(timeSchema, trainingOf(config.start));
  return Object.values(seconds).reduce((sum, value) => sum + value, before);
}

function trainingOf(start: string): unknown {
  const manifest = JSON.parse(readFileSync(join(startFolder(start), 'manifest.json'), 'utf8')) as {
    training?: unknown;
  };
  return manifest.training;
}

/** The package that training goes on from. @throws ConfigError when there is none of this name */
function startFolder(start: string): string {
  const folder = existsSync(start) ? start : packageFolder(start);
  if (existsSync(join(folder, 'manifest.json'))) return folder;
  throw new ConfigError(`start: ${start} is neither the folder of a package nor the name of one in public/models`);
}

/** Weights of another shape would be left out without a word. @throws ConfigError naming the first part that differs */
function checkNetworks(config: TrainingConfig, { training, latent }: Manifest, folder: string): void {
  const theirs = (training.config ?? {}) as Partial<TrainingConfig>;
  const shapeOf = ({ imageSize, autoencoder, clip, verifier, graphEncoder, denoiser }: Partial<TrainingConfig>) => ({
    imageSize,
    autoencoder: [autoencoder?.texels, autoencoder?.groundWidth, autoencoder?.width, autoencoder?.blocks],
    clip: [clip?.image, clip?.labelWidth, clip?.featureWidth],
    verifier: [verifier?.widths, verifier?.blocks],
    graphEncoder: [graphEncoder?.width, graphEncoder?.layers],
    denoiser: [denoiser?.tokenWidth, denoiser?.channels, denoiser?.blocks, denoiser?.heads, denoiser?.convolutions],
  });
  const { channels, height, width } = latent;
  const ours = { ...shapeOf(config), latent: [LATENT.channels, LATENT.height, LATENT.width] };
  const other = { ...shapeOf(theirs), latent: [channels, height, width] };
  for (const [part, shape] of Object.entries(ours)) {
    const known = JSON.stringify(other[part as keyof typeof other]);
    if (known === JSON.stringify(shape)) continue;
    throw new ConfigError(
      `start: ${part} of ${folder} is ${known}, here it is ${JSON.stringify(shape)}; they must be alike`,
    );
  }
}

function readWeights(bytes: Uint8Array, into: Weights): void {
  const tensors = new Map(
    (decodeModel(bytes).graph?.initializer ?? []).map((message) => [message.name ?? '', decodeTensor(message).data]),
  );
  for (const [name, data] of tensors) {
    if (name.endsWith(BYTE) && data instanceof Uint8Array) {
      const whole = name.slice(0, -BYTE.length);
      const [scale, offset] = ['scale', 'offset'].map((part) => Number(tensors.get(`${whole}.${part}`)?.[0]));
      into.set(
        whole,
        Float32Array.from(data, (value) => value * scale! + offset!),
      );
    }
    if (name.endsWith(HALF) && data instanceof Uint16Array) into.set(name.slice(0, -HALF.length), fromHalf(data));
    else if (data instanceof Float32Array) into.set(name, data);
  }
}

interface Words {
  readonly objects: readonly string[];
  readonly predicates: readonly string[];
  readonly styles: readonly string[];
}

/** Moves the rows of words to their places in this world's lists. @throws ConfigError when the manifest does not say what the verifier sees */
function fitted(weights: Weights, manifest: Manifest, folder: string, world: Words): Weights {
  const [any, depth] = ['any', 'depth'];
  const old = { ...manifest.vocabulary, styles: manifest.styles };
  const known = v.safeParse(sightsSchema, manifest.training);
  if (!known.success) throw new ConfigError(`start: the manifest of ${folder} lacks training.sights`);
  const predicates = [old.predicates, world.predicates] as const;
  const styles = [
    [...old.styles, any],
    [...world.styles, any],
  ] as const;
  const classes = [
    [...known.output.sights, depth],
    [...classNames, depth],
  ] as const;
  const lists: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
    'graph.predicate': predicates,
    'graph.style': styles,
    'fusion.style': styles,
    'verifier.out.weight': classes,
    'verifier.out.bias': classes,
  };
  // Where no attribute was ever learned their weights are as they were drawn: noise, which a first red car would bring in.
  const unlearned = old.attributes.length === 0 ? ['graph.attribute.weight', 'fusion.attribute.weight'] : [];
  return new Map(
    [...weights].map(([name, data]) => {
      const list = lists[name];
      if (unlearned.includes(name)) return [name, new Float32Array(data.length)];
      return [name, list ? fitRows(data, list[0], list[1], nearestWords) : data];
    }),
  );
}

/**
 * Rows of `from`'s words in the order of `to`; a word that `from` lacks gets the row of its nearest word, or the mean of all rows.
 * @param nearest another word that means much the same, if any
 */
export function fitRows(
  data: Float32Array,
  from: readonly string[],
  to: readonly string[],
  nearest: (word: string) => readonly string[],
): Float32Array {
  const width = data.length / from.length;
  const row = (index: number) => data.subarray(index * width, (index + 1) * width);
  const mean = new Float32Array(width);
  from.forEach((_, index) => {
    row(index).forEach((value, i) => {
      mean[i] = mean[i]! + value / from.length;
    });
  });
  const fit = new Float32Array(to.length * width);
  to.forEach((word, index) => {
    const at = [word, ...nearest(word)].map((one) => from.indexOf(one)).find((found) => found >= 0);
    fit.set(at === undefined ? mean : row(at), index * width);
  });
  return fit;
}
