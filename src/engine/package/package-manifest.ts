/** From the bytes of manifest.json to a manifest that fits this program. */
import * as v from 'valibot';
import { EngineError } from '#engine/contract/engine-error.ts';
import {
  type Manifest,
  MODEL_FORMAT,
  MODEL_VERSION,
  manifestSchema,
  paintersFiles,
  type StableDiffusionManifest,
  stableDiffusionSchema,
} from '#engine/contract/manifest.ts';

export const MAX_MANIFEST_BYTES = 4_000_000;
const MAX_SPRITE_BYTES = 1_000_000;

/** @throws EngineError model-unsupported for another format, version or kind; model-damaged for anything else that is wrong */
export function parseManifest(bytes: Uint8Array): Manifest {
  const manifest = parseAnyManifest(bytes);
  if (manifest.kind === 'picturebook') return manifest;
  throw new EngineError(
    'model-unsupported',
    `manifest.json has kind "${manifest.kind}"; "picturebook" is needed here.`,
  );
}

/** @throws as parseManifest */
export function parseAnyManifest(bytes: Uint8Array): Manifest | StableDiffusionManifest {
  const value = parseJson(bytes);
  if (checkVersion(value) === 'stable-diffusion') return parse(stableDiffusionSchema, value);
  const manifest = parse(manifestSchema, value);
  checkConsistency(manifest);
  return manifest;
}

function parse<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw damaged(`${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged('the file is not JSON');
  }
}

function checkVersion(value: unknown): Manifest['kind'] | StableDiffusionManifest['kind'] {
  const { format, version, kind } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  if (format !== MODEL_FORMAT) throw damaged(`this is no model package: "format" must be "${MODEL_FORMAT}"`);
  if (version !== MODEL_VERSION) {
    throw new EngineError(
      'model-unsupported',
      `manifest.json has version ${shown(version)}; this program reads version ${MODEL_VERSION}.`,
    );
  }
  if (kind === 'picturebook' || kind === 'stable-diffusion') return kind;
  throw new EngineError(
    'model-unsupported',
    `manifest.json has kind ${shown(kind)}; known are "picturebook" and "stable-diffusion".`,
  );
}

/** What the schema cannot say: parts that must fit each other. */
function checkConsistency(manifest: Manifest): void {
  const { vocabulary, verifier, sigma, styles, defaults, files, sprites } = manifest;
  for (const name of paintersFiles(manifest)) {
    if (!Object.hasOwn(files, name)) throw damaged(`files: ${name} is not listed`);
  }
  if (verifier.thresholds.length !== vocabulary.objects.length) {
    throw damaged(`verifier.thresholds: ${verifier.thresholds.length} for ${vocabulary.objects.length} labels`);
  }
  if (!(sigma.min > 0 && sigma.min < sigma.max && Number.isFinite(sigma.max) && sigma.data > 0)) {
    throw damaged('sigma: must satisfy 0 < min < max and data > 0');
  }
  if (defaults.style !== 'any' && !styles.includes(defaults.style)) {
    throw damaged(`defaults.style: "${defaults.style}" is none of ${[...styles, 'any'].join(', ')}`);
  }
  if (!sprites) return;
  if (!Object.hasOwn(files, sprites.file)) throw damaged(`files: ${sprites.file} is not listed`);
  if (files[sprites.file]!.bytes > MAX_SPRITE_BYTES) {
    throw damaged(
      `files: ${sprites.file} has ${files[sprites.file]!.bytes} bytes, at most ${MAX_SPRITE_BYTES} are allowed`,
    );
  }
  if (new Set(sprites.labels).size < sprites.labels.length) throw damaged('sprites.labels: a label is there twice');
}

const shown = (value: unknown): string => cut(JSON.stringify(value) ?? 'nothing', 64);

const damaged = (reason: string): EngineError =>
  new EngineError('model-damaged', `manifest.json: ${cut(reason, 300)}.`);

/** Words of a stranger's file may be of any length. */
const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text);
