/** A model hub's list of files with their lengths and hashes, as Hugging Face's `api/models/…/tree/…` gives it. */
import * as v from 'valibot';
import { EngineError } from '#engine/contract/engine-error.ts';
import { ask, type FetchPatience, StallError } from './answer.ts';
import type { FileFacts } from './package-loader.ts';
import { readBody } from './read-body.ts';

const MAX_LIST_BYTES = 5_000_000;

const entrySchema = v.object({
  type: v.string(),
  path: v.pipe(v.string(), v.maxLength(500)),
  size: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** Large files alone; `oid` is the SHA-256 of the content. */
  lfs: v.optional(
    v.object({
      oid: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
      size: v.pipe(v.number(), v.integer(), v.minValue(0)),
    }),
  ),
});

/**
 * @returns undefined when this hub has no such list: then its files are asked for one by one
 * @throws EngineError model-not-found when there is no such model, or none for everybody; StallError, or the signal's reason
 */
export async function listHubFiles(
  url: string,
  name: string,
  patience: FetchPatience = {},
): Promise<Map<string, Omit<FileFacts, 'kept'>> | undefined> {
  // A hub that cannot be reached says so at the first file, which may be kept from an earlier visit.
  const unlessGivenUp = (error: unknown): undefined => {
    patience.signal?.throwIfAborted();
    if (error instanceof StallError) throw error;
  };
  const answer = await ask(url, { cache: 'no-cache' }, patience).catch(unlessGivenUp);
  if (!answer) return undefined;
  const { response } = answer;
  if (response.status === 401 || response.status === 403) {
    answer.drop();
    const reason = `the hub answered ${response.status}`;
    throw new EngineError('model-not-found', `“${name}” is not there, or not for everybody: ${reason}.`);
  }
  const bytes = response.ok
    ? await readBody(url, answer, { maxBytes: MAX_LIST_BYTES }).catch(unlessGivenUp)
    : answer.drop();
  const parsed = bytes && v.safeParse(v.array(entrySchema), parseJson(new TextDecoder().decode(bytes)));
  if (!parsed?.success) return undefined;
  const files = parsed.output.filter(({ type }) => type === 'file');
  return new Map(
    files.map(({ path, size, lfs }) => [path, { bytes: lfs?.size ?? size, ...(lfs && { sha256: lfs.oid }) }]),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
