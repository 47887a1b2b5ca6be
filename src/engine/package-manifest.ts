/** From the bytes of manifest.json to a manifest that fits this program. */
import * as v from 'valibot';
import { EngineError } from './engine-error.ts';
import { type Manifest, MODEL_FORMAT, MODEL_VERSION, manifestSchema, packageFiles } from './manifest.ts';

export const MAX_MANIFEST_BYTES = 4_000_000;

/** @throws EngineError model-unsupported for another format, version or kind; model-damaged for anything else that is wrong */
export function parseManifest(bytes: Uint8Array): Manifest {
  const value = parseJson(bytes);
  checkVersion(value);
  const result = v.safeParse(manifestSchema, value);
  if (!result.success) {
    const [issue] = result.issues;
    throw damaged(`${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  }
  checkConsistency(result.output);
  return result.output;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged('the file is not JSON');
  }
}

function checkVersion(value: unknown): void {
  const { format, version, kind } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  if (format !== MODEL_FORMAT) throw damaged(`this is no model package: "format" must be "${MODEL_FORMAT}"`);
  if (version !== MODEL_VERSION) {
    throw new EngineError(
      'model-unsupported',
      `manifest.json has version ${JSON.stringify(version)}; this program reads version ${MODEL_VERSION}.`,
    );
  }
  if (kind !== 'picturebook') {
    throw new EngineError(
      'model-unsupported',
      `manifest.json has kind ${JSON.stringify(kind)}; known is "picturebook".`,
    );
  }
}

/** What the schema cannot say: parts that must fit each other. */
function checkConsistency(manifest: Manifest): void {
  const { vocabulary, verifier, sigma, styles, defaults, files } = manifest;
  for (const name of packageFiles) {
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
}

const damaged = (reason: string): EngineError => new EngineError('model-damaged', `manifest.json: ${reason}.`);
