/** Fetching one large file into a store: it survives a connection that breaks off, a page that is closed, and a server that forgets. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { EngineError } from '#engine/contract/engine-error.ts';
import { sizeText } from '#engine/contract/size-text.ts';
import { ask, StallError } from './answer.ts';
import { type FileStore, type StoredState, type StoreWriter, writing } from './file-store.ts';
import type { LargeFile, OpenOptions } from './package-loader.ts';

export interface DownloadOptions extends OpenOptions {
  readonly store: FileStore;
  /** Where in the store. */
  readonly key: string;
  /** For messages: "unet/model.onnx". */
  readonly name: string;
  /** Length and version as the server says before; a stored part of another version is not gone on with. */
  readonly bytes?: number | undefined;
  readonly etag?: string | undefined;
  /** Milliseconds between tries; ever longer, as long as nothing comes. */
  readonly pauses?: readonly number[];
  /** Milliseconds without a byte after which a connection is given up. */
  readonly stallMs?: number | undefined;
}

const PAUSES = [500, 1000, 2000, 4000, 8000];
const HASH_STRIDE = 8_000_000;

/**
 * Goes on where an earlier try broke off (Range, RFC 9110 §14), and tries again by itself while the connection breaks.
 * @throws EngineError model-not-found, server-failed or model-damaged with a sentence, or the signal's reason; what has come is kept
 */
export async function download(url: string, options: DownloadOptions): Promise<LargeFile> {
  const { store, key, name, onProgress } = options;
  const entry = await store.look(key);
  if (entry.state?.complete && isSameVersion(entry.state, options) && entry.bytes === entry.state.bytes) {
    onProgress?.(entry.bytes);
    return openKept(store, key);
  }
  await checkRoom(store, name, options.bytes === undefined ? undefined : options.bytes - entry.bytes);
  const isPart = entry.bytes > 0 && entry.state !== undefined && isSameVersion(entry.state, options);
  const state = await writing(store, key, async (writer) => {
    if (entry.bytes > 0 && !isPart) await writer.clear();
    const part = new Part(writer, isPart ? entry.bytes : 0, isPart ? entry.state : undefined, options);
    return fetchWhole(url, part, options);
  });
  const file = await store.open(key);
  const isRight = options.sha256 === undefined || (await hashOf(file, options.signal)) === options.sha256;
  await writing(store, key, (writer) =>
    isRight ? writer.save({ ...state, sha256: options.sha256, complete: true }) : writer.clear(),
  );
  if (isRight) return openKept(store, key);
  throw damaged(`${name} is damaged: its SHA-256 is not the one that was announced. Try again to fetch it anew.`);
}

async function openKept(store: FileStore, key: string): Promise<LargeFile> {
  const forget = () => writing(store, key, (writer) => writer.clear());
  return { ...(await store.open(key)), forget };
}

/** What is there so far, and how it grows. */
class Part {
  bytes: number;
  /** Of the whole file, as soon as a server says it. */
  total: number | undefined;
  etag: string | undefined;
  readonly #writer: StoreWriter;
  readonly #options: DownloadOptions;

  constructor(writer: StoreWriter, bytes: number, state: StoredState | undefined, options: DownloadOptions) {
    this.#writer = writer;
    this.#options = options;
    this.bytes = bytes;
    this.total = options.bytes;
    this.etag = state?.etag ?? options.etag;
  }

  async add(chunk: Uint8Array): Promise<void> {
    const { maxBytes, name, onProgress } = this.#options;
    if (this.bytes + chunk.length > maxBytes) {
      await this.restart();
      throw damaged(`${name} is damaged: it has more than the expected ${maxBytes} bytes.`);
    }
    await this.#writer.append(chunk);
    this.bytes += chunk.length;
    onProgress?.(this.bytes);
  }

  async restart(): Promise<void> {
    await this.#writer.clear();
    this.bytes = 0;
  }

  /** From here on another visit could go on. */
  async keep(): Promise<void> {
    await this.#writer.save({ complete: false, bytes: this.total, etag: this.etag, sha256: this.#options.sha256 });
  }
}

async function fetchWhole(url: string, part: Part, options: DownloadOptions): Promise<StoredState> {
  const { name, signal, pauses = PAUSES } = options;
  let failures = 0;
  let busy: BusyServerError | undefined;
  while (part.total === undefined || part.bytes < part.total) {
    signal?.throwIfAborted();
    const before = part.bytes;
    let reason: string;
    let weight = 1;
    try {
      await fetchRest(url, part, options);
      if (part.bytes === part.total) break;
      reason = 'the connection was closed';
    } catch (error) {
      await part.keep().catch(() => undefined);
      signal?.throwIfAborted();
      if (isFull(error)) {
        const message = `There is no room left for ${name}: ${sizeText(part.bytes)} have come and are kept. Make room and try again.`;
        throw new EngineError('out-of-memory', message);
      }
      if (error instanceof EngineError && !(error instanceof BusyServerError)) throw error;
      busy = error instanceof BusyServerError ? error : undefined;
      reason = error instanceof Error ? error.message : String(error);
      // A new connection may wake a server up, once: nobody waits for six.
      if (error instanceof StallError) weight = Math.ceil(pauses.length / 2);
    }
    failures = (part.bytes > before ? 0 : failures) + weight;
    const pause = pauses[failures - 1];
    if (pause === undefined) {
      if (busy) throw busy;
      const place = [part.bytes, ...(part.total === undefined ? [] : [part.total])].map(sizeText).join(' of ');
      const message = `${name} broke off after ${place}: ${reason}. What has come is kept: try again to go on from there.`;
      throw new EngineError('model-not-found', message);
    }
    await sleep(pause, signal);
  }
  return { complete: true, bytes: part.bytes, etag: part.etag };
}

/** The disk, or the browser's quota: trying again would not help. */
const isFull = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'QuotaExceededError' ||
    ('code' in error && ['ENOSPC', 'EDQUOT', 'EFBIG'].some((code) => code === error.code)));

/** One connection. A server that does not say how long a file is has sent it whole when it ends in order. */
async function fetchRest(url: string, part: Part, options: DownloadOptions): Promise<void> {
  const headers: Record<string, string> = part.bytes > 0 ? { Range: `bytes=${part.bytes}-` } : {};
  const answer = await ask(url, { headers, cache: 'no-store' }, options);
  try {
    if (!(await takesUp(url, part, answer.response, options))) return;
    for await (const chunk of answer.chunks()) await part.add(chunk);
    part.total ??= part.bytes;
  } finally {
    answer.drop();
  }
}

/** Whether what follows this head is what comes next in the file. @throws EngineError when it is no such file */
async function takesUp(
  url: string,
  part: Part,
  response: Response,
  { name, maxBytes }: DownloadOptions,
): Promise<boolean> {
  if (response.status === 416) {
    await part.restart();
    return false;
  }
  checkAnswer(url, response);
  const etag = response.headers.get('etag') ?? undefined;
  const isAnother = etag !== undefined && part.etag !== undefined && weak(etag) !== weak(part.etag);
  const continues = response.status === 206 && (rangeStart(response) ?? part.bytes) === part.bytes;
  if (part.bytes > 0 && (isAnother || !continues)) {
    await part.restart();
    if (response.status === 206) {
      part.etag = etag;
      return false; // of another version: asked for again, from its first byte
    }
  }
  part.etag = etag ?? part.etag;
  part.total ??= totalOf(response, part.bytes);
  if (part.total !== undefined && part.total > maxBytes) {
    throw damaged(`${name} has ${sizeText(part.total)}; at most ${sizeText(maxBytes)} are allowed.`);
  }
  await part.keep();
  return true;
}

/** The file may well be there: the server cannot give it now. */
class BusyServerError extends EngineError {
  constructor(url: string, status: number) {
    const reason = status === 429 ? '429: too many requests' : status;
    super('server-failed', `${url} cannot be had now: the server answered ${reason}. Try again later.`);
  }
}

/**
 * @throws EngineError model-not-found unless there is a file, server-failed where the server cannot say; development servers answer an
 * unknown address with the page itself
 */
export function checkAnswer(url: string, response: Response): void {
  if (response.status === 429 || response.status >= 500) throw new BusyServerError(url, response.status);
  const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
  if (response.ok && !isPage) return;
  throw new EngineError('model-not-found', `There is no file at ${url}: ${reasonOf(response, isPage)}.`);
}

function reasonOf({ status }: Response, isPage: boolean): string {
  if (isPage) return 'the server answered with a page';
  if (status === 401 || status === 403)
    return `the server answered ${status}; the model may be private or ask for an agreement first`;
  return `the server answered ${status}`;
}

/** Of the whole file; a compressed answer does not say. */
export function totalOf(response: Response, offset = 0): number | undefined {
  const inRange = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
  if (inRange !== undefined) return Number(inRange);
  const length = response.headers.get('content-length');
  return length === null || response.headers.has('content-encoding') ? undefined : Number(length) + offset;
}

/** Undefined where a server on another origin hides it: then the answer is taken to be what was asked for. */
function rangeStart(response: Response): number | undefined {
  const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
  return start === undefined ? undefined : Number(start);
}

function isSameVersion(state: StoredState, { bytes, etag, sha256 }: DownloadOptions): boolean {
  const agree = (a: unknown, b: unknown) => a === undefined || b === undefined || a === b;
  if (sha256 !== undefined && state.sha256 !== undefined) return sha256 === state.sha256;
  return agree(state.bytes, bytes) && agree(state.etag && weak(state.etag), etag && weak(etag));
}

const weak = (etag: string): string => etag.replace(/^W\//, '');

/** Of what came, the first part of which may be from an earlier visit. */
async function hashOf(file: LargeFile, signal: AbortSignal | undefined): Promise<string> {
  const hash = sha256.create();
  for (let at = 0; at < file.bytes; at += HASH_STRIDE) {
    signal?.throwIfAborted();
    hash.update(await file.slice(at, Math.min(file.bytes, at + HASH_STRIDE)));
  }
  return bytesToHex(hash.digest());
}

async function checkRoom(store: FileStore, name: string, needed: number | undefined): Promise<void> {
  const free = await store.freeBytes().catch(() => undefined);
  if (needed === undefined || free === undefined || needed <= free) return;
  throw new EngineError(
    'out-of-memory',
    `There is no room for ${name}: ${sizeText(needed)} are needed, ${sizeText(free)} are free.`,
  );
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

const damaged = (message: string): EngineError => new EngineError('model-damaged', message);
