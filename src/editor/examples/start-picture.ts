/** The picture of the graph that greets a newcomer, as a file that comes with the app: all that a picture of the history has, but its pixels. */
import * as v from 'valibot';
import { type DocumentRecipe, type PictureRecord, sightingsSchema } from '#editor/history/picture-record.ts';
import { settingsSchema } from '#engine/contract/generation-settings.ts';
import type { ModelFacts } from '#engine/contract/manifest.ts';
import type { Picture } from '#engine/contract/protocol.ts';
import { floatsSchema, formatFloats } from '#engine/contract/recipe.ts';

/** Hashes of a package's files by their names. */
export type PackageFiles = NonNullable<ModelFacts['files']>;

const verdicts = v.record(v.string(), v.picklist(['found', 'missing', 'unsure']));
const maps = v.record(v.string(), floatsSchema);
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

const startPictureSchema = v.object({
  model: v.string(),
  /** Of the package that painted it. */
  files: v.record(v.string(), v.string()),
  settings: settingsSchema,
  milliseconds: v.number(),
  verification: v.object({ objects: verdicts, relations: verdicts, sightings: v.optional(sightingsSchema) }),
  attention: v.object({ width: count, height: count, objects: maps, relations: maps }),
  latent: floatsSchema,
});

export type StartPicture = v.InferOutput<typeof startPictureSchema>;

export function formatStartPicture(
  { model, settings, result }: Pick<DocumentRecipe, 'model' | 'settings'> & Pick<PictureRecord, 'result'>,
  files: PackageFiles,
): string {
  const { milliseconds, verification, attention, latent } = result;
  const inText = (all: Readonly<Record<string, Float32Array>>) =>
    Object.fromEntries(Object.entries(all).map(([id, map]) => [id, formatFloats(map)]));
  const text = JSON.stringify({
    model,
    files: hashesOf(files),
    settings,
    milliseconds: Math.round(milliseconds),
    verification,
    attention: { ...attention, objects: inText(attention.objects), relations: inText(attention.relations) },
    latent: formatFloats(latent ?? new Float32Array()),
  });
  return `${text}\n`;
}

/** @throws ValiError when it is no such file */
export const parseStartPicture = (value: unknown): StartPicture => v.parse(startPictureSchema, value);

/** What the engine would have answered. */
export function resultOf(
  { verification, attention, latent, milliseconds }: StartPicture,
  picture: Picture,
): PictureRecord['result'] {
  return { picture, verification, attention, latent, milliseconds, backend: 'node-cpu' };
}

/** Whether this very package painted it: another one of the same name would paint, and judge, another picture. */
export function isPaintedBy({ model, files }: StartPicture, facts: Pick<ModelFacts, 'name' | 'files'>): boolean {
  const theirs = hashesOf(facts.files ?? {});
  return model === facts.name && paints.every((file) => files[file] !== undefined && files[file] === theirs[file]);
}

/** What decides the pixels and the marks. */
const paints = ['graph-encoder.onnx', 'denoiser.onnx', 'decoder.onnx', 'verifier.onnx'] as const;

const hashesOf = (files: PackageFiles): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([name, { sha256 }]) => [name, sha256]));
