/** Everything a training run depends on. Saved beside its checkpoints; `--config FILE` overrides any part of it. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { type Theme, themes } from '#training/corpus/compose/mixture.ts';
import { MOST_THINGS } from '#training/corpus/world/scene.ts';
import { fusions } from '#training/networks/graph-encoder.ts';

const positive = v.pipe(v.number(), v.minValue(0));
const whole = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** In the order of `all`; the verifier, which judges, comes after the painter, whom it teaches nothing. */
export const stageNames = [
  'corpus',
  'autoencoder',
  'clip',
  'latents',
  'graph-encoder',
  'denoiser',
  'finetune',
  'verifier',
  'export',
  'student',
  'evaluate',
  'report',
  'trials',
  'samplers',
] as const;
export type StageName = (typeof stageNames)[number];

const pair = v.tuple([whole, whole]);
const things = v.pipe(
  v.strictObject({ min: whole, max: whole }),
  v.check(
    ({ min, max }) => min >= 1 && min <= max && max <= MOST_THINGS,
    `must be a range within 1 … ${MOST_THINGS}, min first`,
  ),
);

const fieldsSchema = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)),
  seed: whole,
  /** What earlier runs did otherwise, where training went on from their checkpoints; said in the model card. */
  history: v.array(v.string()),
  /** Package that training goes on from: a folder, or a name in public/models; '' starts at random. */
  start: v.string(),
  /** Scenes that a stage passes over: those that it learned from for the package which training goes on from. */
  passedOver: v.strictObject({ autoencoder: whole, clip: whole, verifier: whole, latents: whole }),
  /** Pixels per side, a multiple of 32. CLIP and the verifier see pictures at half of it. */
  imageSize: v.pipe(whole, v.minValue(32), v.multipleOf(32, 'must be a multiple of 32')),
  things,
  /** What scenes are about, for all that learns of people's graphs: see themes. */
  mixture: v.pipe(
    v.strictObject(Object.fromEntries(themes.map((theme) => [theme, positive])) as Record<Theme, typeof positive>),
    v.check((mixture) => Object.values(mixture).some((weight) => weight > 0), 'must have a weight above 0'),
  ),
  /** How much of what is true of a scene its graphs say: see GraphHabits. */
  graphs: v.strictObject({ unrelated: share, equalUnrelated: share, sparse: share }),
  /** Minutes of training per stage. */
  minutes: v.strictObject({
    autoencoder: positive,
    clip: positive,
    verifier: positive,
    'graph-encoder': positive,
    denoiser: positive,
    finetune: positive,
    student: positive,
  }),
  /** Pictures that a stage trains on, in place of its minutes: on a machine that does other work, minutes say little of how much was learned. */
  pictures: v.exactOptional(
    v.strictObject({
      autoencoder: v.exactOptional(count),
      clip: v.exactOptional(count),
      verifier: v.exactOptional(count),
      'graph-encoder': v.exactOptional(count),
      denoiser: v.exactOptional(count),
      finetune: v.exactOptional(count),
      student: v.exactOptional(count),
    }),
  ),
  autoencoder: v.strictObject({
    /** See DecoderConfig. */
    texels: whole,
    groundWidth: whole,
    width: whole,
    blocks: whole,
    batch: whole,
    /** Largest deviation of the noise that latents are given before they are decoded: a denoiser's are never exact. */
    noise: positive,
    /** Loss weight of pixels that show a thing, beside 1 for ground. */
    objectWeight: positive,
    /** Things of a picture that the decoder learns from: more of them than a usual scene has. */
    things,
  }),
  clip: v.strictObject({
    image: v.strictObject({ widths: pair, blocks: pair }),
    labelWidth: whole,
    featureWidth: whole,
    batch: whole,
  }),
  verifier: v.strictObject({
    widths: v.tuple([whole, whole, whole]),
    blocks: pair,
    /** Validation scenes that its thresholds are chosen on, a multiple of 32. */
    thresholdScenes: v.pipe(count, v.multipleOf(32, 'must be a multiple of 32')),
  }),
  /** Scenes whose latents and CLIP features are computed once. */
  latents: v.strictObject({
    scenes: whole,
    /** Chance of a scene of anything with anything, on any ground; see ComposeOptions. */
    evenly: share,
    /** Chance of a scene as test graphs have them, said as they say theirs, in place of one of the mixture's. */
    whole: share,
    /** Things of a scene, where they are other than a usual scene's: test graphs have as many as that. */
    things: v.exactOptional(things),
  }),
  graphEncoder: v.strictObject({
    width: whole,
    layers: whole,
    fusion: v.picklist(fusions),
    /** Whether fine-tuning starts from the encoder that the GAN aligned with CLIP's image space. */
    aligned: v.boolean(),
    mmdWeight: positive,
    /** Weight of the loss that has each object's vector tell where the object is; 0 switches it off. Training only. */
    placeWeight: positive,
  }),
  denoiser: v.strictObject({
    tokenWidth: whole,
    channels: whole,
    blocks: whole,
    heads: whole,
    convolutions: whole,
    batch: whole,
    learningRate: positive,
    /** Loss weight of latent cells that show an object, beside 1 for ground. */
    objectWeight: positive,
    /** Weight of the attention-grounding loss; 0 switches it off. */
    groundingWeight: positive,
    /** Weight of the cross-entropy of what each cell shows, and of ground, style and hour; 0 switches it off. Training only. */
    drawingWeight: positive,
    /** Weight of the loss that has each object's token tell the codes of what it looks like; 0 switches it off. Training only. */
    meaningWeight: positive,
    /**
     * ln sigma ~ Normal(mean, deviation), cut to the sampler's range. A layout is decided far above sigma 1: Karras et al.'s (−1.2, 1.2) for
     * pixels leaves hardly a draw there, and edges moved nothing.
     */
    logSigma: v.strictObject({ mean: v.number(), deviation: positive }),
    /** Share of pictures that are trained without conditioning. */
    dropout: positive,
  }),
  /** L_train = lambda·L_recon + (1 − lambda)·(beta·L_CLIP + (1 − beta)·L_MMD). */
  finetune: v.strictObject({
    lambda: positive,
    beta: positive,
    learningRate: positive,
    /** Share of the weights of the package that training goes on from in the published ones; see `keptFrom`. */
    kept: share,
  }),
  /** Of what paints in few passes; see stages/student/. */
  student: v.strictObject({
    /** Noise levels of the student's passes after the first, which is the model's highest. */
    sigmas: v.pipe(
      v.array(v.pipe(positive, v.gtValue(0))),
      v.check((sigmas) => sigmas.every((sigma, i) => i === 0 || sigma < sigmas[i - 1]!), 'must fall'),
    ),
    /** How its first pass is guided, see StudentWay; training does not depend on it. */
    relationScale: v.pipe(positive, v.minValue(1)),
    /** Weight of the distance between two guesses in the loss: at 1 guesses are to differ as the teacher's pictures do, with less they keep nearer to what is likeliest. */
    spread: share,
    /** Of the updates of the denoiser's weights. */
    rank: count,
    batch: v.pipe(count, v.multipleOf(2, 'must be even')),
    learningRate: positive,
    /** Steps of the teacher's sampler. */
    teacherSteps: count,
    /** Pictures of the teacher that are held to be drawn from, and how often each is on the average. */
    held: count,
    uses: count,
  }),
  /** Test graphs that the manifest's scores come from. */
  evaluation: v.strictObject({ graphs: whole }),
  /** Pictures of the painter's sample sheets, painted every few minutes and at a stage's end. */
  sheets: v.strictObject({ pictures: count }),
  /** Pictures that each trial is fine-tuned on, and test graphs that it is scored on. */
  trials: v.strictObject({ pictures: whole, graphs: whole }),
  /** Test graphs that samplers are compared on, and the passes of the denoiser that each is given. */
  samplers: v.strictObject({ graphs: whole, passes: v.array(count) }),
});

export const configSchema = v.pipe(
  fieldsSchema,
  v.forward(
    v.check(
      ({ start, finetune }) => start !== '' || finetune.kept === 0,
      'there are no weights to keep: name the package that training goes on from in "start"',
    ),
    ['finetune', 'kept'],
  ),
);

export type TrainingConfig = v.InferOutput<typeof configSchema>;

export const defaultConfig: TrainingConfig = {
  name: 'picturebook',
  seed: 7,
  history: [],
  start: '',
  passedOver: { autoencoder: 0, clip: 0, verifier: 0, latents: 0 },
  imageSize: 256,
  things: { min: 1, max: 5 },
  mixture: {
    usual: 6,
    equal: 17,
    riding: 12,
    holding: 22,
    wearing: 13,
    stacked: 13,
    contained: 16,
    sheltered: 2,
    hidden: 6,
    neighbours: 9,
    strewn: 3,
    defying: 3,
    turned: 4,
  },
  graphs: { unrelated: 0.15, equalUnrelated: 0.5, sparse: 0.7 },
  minutes: { autoencoder: 24, clip: 4, verifier: 30, 'graph-encoder': 4, denoiser: 10, finetune: 168, student: 30 },
  autoencoder: {
    texels: 48,
    groundWidth: 192,
    width: 48,
    blocks: 1,
    batch: 4,
    noise: 0.2,
    objectWeight: 3,
    things: { min: 3, max: 6 },
  },
  clip: { image: { widths: [128, 192], blocks: [1, 2] }, labelWidth: 256, featureWidth: 256, batch: 64 },
  verifier: { widths: [64, 128, 192], blocks: [2, 2], thresholdScenes: 2304 },
  latents: { scenes: 65_536, evenly: 0.4, whole: 0.4, things: { min: 1, max: 6 } },
  graphEncoder: { width: 192, layers: 3, fusion: 'full', aligned: true, mmdWeight: 1, placeWeight: 0.3 },
  denoiser: {
    tokenWidth: 256,
    channels: 256,
    blocks: 6,
    heads: 4,
    convolutions: 0,
    batch: 16,
    learningRate: 1e-3,
    objectWeight: 5,
    groundingWeight: 0.1,
    drawingWeight: 0.1,
    meaningWeight: 0.3,
    logSigma: { mean: 1.55, deviation: 1.1 },
    dropout: 0.1,
  },
  finetune: { lambda: 0.7, beta: 2 / 3, learningRate: 1e-3, kept: 0 },
  student: {
    sigmas: [19.1, 9.37, 4.25],
    relationScale: 1,
    spread: 0.9,
    rank: 16,
    batch: 16,
    learningRate: 1e-3,
    teacherSteps: 16,
    held: 512,
    uses: 16,
  },
  evaluation: { graphs: 1000 },
  sheets: { pictures: 32 },
  trials: { pictures: 16_000, graphs: 200 },
  samplers: { graphs: 200, passes: [4, 8, 16, 32] },
};

type Partly<T> = T extends readonly unknown[] ? T : T extends object ? { readonly [K in keyof T]?: Partly<T[K]> } : T;
export type ConfigOverrides = Partly<TrainingConfig>;

/** @throws ValiError when the result is not a configuration. */
export const withOverrides = (config: TrainingConfig, overrides: ConfigOverrides): TrainingConfig =>
  v.parse(configSchema, merge(config, overrides));

/** A configuration file that cannot be used; the message names the file and the place in it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads a JSON file of overrides onto the defaults.
 * @throws ConfigError when the file cannot be read, is not JSON, or says what the schema does not allow (a mistyped key included);
 * with the path of the first fault.
 */
export function loadConfig(file?: string): TrainingConfig {
  if (!file) return defaultConfig;
  const result = v.safeParse(configSchema, merge(defaultConfig, readJson(file)));
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new ConfigError(`${file}: ${v.getDotPath(issue) ?? 'document'}: ${issue.message}`);
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${file}: cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser quotes the text, which may hold line breaks.
    const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
    throw new ConfigError(`${file}: is not JSON (${reason})`);
  }
}

function merge(base: unknown, over: unknown): unknown {
  const plain = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!plain(base) || !plain(over)) return over === undefined ? base : over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, merge(base[key], over[key])]));
}
