/** A model package's manifest: what a folder `public/models/NAME/` holds and how to run it. */
import * as v from 'valibot';
import { parametrisationNames } from '#diffusion/sampling/parametrisation.ts';
import { generalSamplerNames, numberedSamplerNames, type SamplerName } from '#diffusion/sampling/sampler-names.ts';
import { type GenerationSettings, settingsSchema } from './generation-settings.ts';

export const MODEL_FORMAT = 'sgraffito/model';
export const MODEL_VERSION = 1;

const words = v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(64)));
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));

/** The files every package of kind "picturebook" holds. */
export const packageFiles = [
  'graph-encoder.onnx',
  'denoiser.onnx',
  'decoder.onnx',
  'verifier.onnx',
  'word-vectors.safetensors',
] as const;
export type PackageFile = (typeof packageFiles)[number];

/** What a package with a student holds, too: what the student's weights differ by from those of denoiser.onnx. */
export const STUDENT_FILE = 'student.safetensors';

const file = v.object({
  bytes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4_000_000_000)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

export const manifestSchema = v.object({
  format: v.literal(MODEL_FORMAT),
  version: v.literal(MODEL_VERSION),
  kind: v.literal('picturebook'),
  name: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/)),
  title: v.string(),
  vocabulary: v.object({ objects: words, predicates: words, attributes: words }),
  /** Styles a user can ask for; the network's index styles.length stands for "any". */
  styles: words,
  limits: v.object({ objects: count, relations: count }),
  image: v.object({ width: count, height: count }),
  /** The denoiser works on standardised latents; decode((latent · scale) + shift per channel) is inside decoder.onnx. */
  latent: v.pipe(
    v.object({
      channels: count,
      height: count,
      width: count,
      /** Channels that guidance does not amplify; none when absent. */
      unguided: v.optional(v.array(v.pipe(v.number(), v.integer(), v.minValue(0)))),
    }),
    v.check(({ channels, unguided = [] }) => unguided.every((channel) => channel < channels), 'has no such channel'),
  ),
  parametrisation: v.picklist(parametrisationNames),
  sigma: v.object({ min: v.number(), max: v.number(), data: v.number() }),
  defaults: v.object({
    ...v.omit(settingsSchema, ['seed', 'size']).entries,
    sampler: v.picklist(generalSamplerNames),
    style: v.string(),
  }),
  /** Of a package with student.safetensors: how its student paints (StudentWay). */
  student: v.optional(
    v.object({
      sigmas: v.pipe(
        v.array(v.pipe(v.number(), v.gtValue(0))),
        v.minLength(1),
        v.maxLength(16),
        v.check((sigmas) => sigmas.every((sigma, i) => i === 0 || sigma < sigmas[i - 1]!), 'must fall'),
      ),
      relationScale: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(20))),
    }),
  ),
  /** Verifier: grid cells per side of its output, and the presence threshold per label in vocabulary order. */
  verifier: v.object({ grid: count, thresholds: v.array(v.number()) }),
  files: v.record(v.string(), file),
  licence: v.string(),
  credits: v.array(v.string()),
  /** Kind of each object label for the palette ("animal", "ground", …) and frequent triples, from corpus statistics. */
  kinds: v.record(v.string(), v.string()),
  /** What is drawn for a label that is another name of it, or of several ("animal"). Packages without it are as good. */
  meanings: v.optional(v.record(v.string(), words)),
  likely: v.array(v.object({ subject: v.string(), predicate: v.string(), object: v.string(), count })),
  /** A PNG with a small drawing of each label for the screen: square cells, row by row. Packages without it are as good. */
  sprites: v.optional(
    v.object({
      file: v.literal('sprites.png'),
      /** Pixels. */
      side: v.pipe(v.number(), v.integer(), v.minValue(8), v.maxValue(128)),
      columns: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64)),
      labels: v.pipe(words, v.minLength(1), v.maxLength(2048)),
    }),
  ),
  training: v.record(v.string(), v.unknown()),
  evaluation: v.record(v.string(), v.unknown()),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;
export type SpriteSheet = NonNullable<Manifest['sprites']>;

/**
 * A diffusers folder needs no manifest. One beside its model_index.json names what the folder cannot say: words to offer, a size the
 * UNet was fine-tuned for, and hashes of its files.
 */
export const stableDiffusionSchema = v.object({
  format: manifestSchema.entries.format,
  version: manifestSchema.entries.version,
  kind: v.literal('stable-diffusion'),
  name: manifestSchema.entries.name,
  title: v.pipe(v.string(), v.maxLength(200)),
  vocabulary: v.optional(manifestSchema.entries.vocabulary),
  kinds: v.optional(manifestSchema.entries.kinds),
  limits: v.optional(manifestSchema.entries.limits),
  image: v.optional(manifestSchema.entries.image),
  defaults: v.optional(
    v.object({
      ...v.omit(manifestSchema.entries.defaults, ['style']).entries,
      sampler: v.picklist(numberedSamplerNames),
    }),
  ),
  /** By path: "unet/model.onnx_data". */
  files: v.optional(
    v.record(v.string(), v.object({ ...file.entries, bytes: v.pipe(v.number(), v.integer(), v.minValue(1)) })),
  ),
  licence: v.optional(v.string()),
  credits: v.optional(manifestSchema.entries.credits),
  likely: v.optional(manifestSchema.entries.likely),
});

export type StableDiffusionManifest = v.InferOutput<typeof stableDiffusionSchema>;

/** The files that painting needs. */
export const paintersFiles = ({
  student,
}: Pick<Manifest, 'student'>): readonly (PackageFile | typeof STUDENT_FILE)[] =>
  student ? [...packageFiles, STUDENT_FILE] : packageFiles;

/** What a model can be sampled by. */
export function samplersOf({ kind, student }: Pick<ModelFacts, 'kind' | 'student'>): readonly SamplerName[] {
  if (kind === 'stable-diffusion') return numberedSamplerNames;
  return student ? [...generalSamplerNames, 'student'] : generalSamplerNames;
}

/** What the screen and the engine want to know of a model of any kind. */
export type ModelFacts = Pick<
  Manifest,
  'name' | 'title' | 'styles' | 'limits' | 'image' | 'latent' | 'licence' | 'kinds' | 'sprites' | 'student'
> & {
  readonly defaults: Omit<Manifest['defaults'], 'sampler'> & { readonly sampler: SamplerName };
  readonly kind: Manifest['kind'] | StableDiffusionManifest['kind'];
  /** Of a package with hashes: which package it is, whatever its name. */
  readonly files?: Readonly<Record<string, v.InferOutput<typeof file>>> | undefined;
  /** Of Stable Diffusion: whether it reads the graph's edges, or its words alone. */
  readonly hasAdapter?: boolean;
  /** Of a model that knows every word, the words to offer. */
  readonly vocabulary: { readonly [Part in keyof Manifest['vocabulary']]: readonly string[] };
  readonly credits: readonly string[];
  readonly likely: readonly Manifest['likely'][number][];
};

/** How many steps a picture takes: the student has its own number. */
export const stepsOf = (
  { sampler, steps }: Pick<GenerationSettings, 'sampler' | 'steps'>,
  { student }: Pick<ModelFacts, 'student'>,
): number => (sampler === 'student' && student ? student.sigmas.length : steps);

/** Of a picture of this size, or of the model's own. @param size pixels */
export function latentFor(
  { image, latent }: Pick<ModelFacts, 'image' | 'latent'>,
  size: GenerationSettings['size'],
): ModelFacts['latent'] {
  if (!size) return latent;
  const [width, height] = [(size.width * latent.width) / image.width, (size.height * latent.height) / image.height];
  return { ...latent, width, height };
}
