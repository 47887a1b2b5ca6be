/** Where downloads are kept, whole and in part, from one visit to the next. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import type { StoredModel } from '#engine/contract/protocol.ts';
import type { LargeFile } from './package-loader.ts';

/** What is remembered of a file beside its bytes. */
export interface StoredState {
  readonly complete: boolean;
  /** Of the whole file, where it is known. */
  readonly bytes?: number | undefined;
  readonly etag?: string | undefined;
  readonly sha256?: string | undefined;
}

export interface StoredEntry {
  /** Bytes that are there. */
  readonly bytes: number;
  readonly state: StoredState | undefined;
}

/** Adds to the end of a file. Only one at a time may be open. */
export interface StoreWriter {
  append(bytes: Uint8Array): Promise<void>;
  /** Forgets what was there. */
  clear(): Promise<void>;
  /** Bytes and state survive the death of the program from here on. */
  save(state: StoredState): Promise<void>;
  close(): Promise<void>;
}

export interface FileStore {
  /** @param key names parted by slashes, each of letters, digits, dots, hyphens and underscores */
  look(key: string): Promise<StoredEntry>;
  /** @throws EngineError when another tab or program is writing it */
  write(key: string): Promise<StoreWriter>;
  open(key: string): Promise<LargeFile>;
  /** Bytes that may still be stored; undefined when nobody knows. */
  freeBytes(): Promise<number | undefined>;
}

/** Opens a file of the store for writing, and lets it go whatever happens. */
export async function writing<Result>(
  store: FileStore,
  key: string,
  work: (writer: StoreWriter) => Promise<Result>,
): Promise<Result> {
  const writer = await store.write(key);
  try {
    return await work(writer);
  } finally {
    await writer.close();
  }
}

/** Whether a file is there to its last byte. */
export const isWhole = ({ bytes, state }: StoredEntry): boolean =>
  state?.complete === true && (state.bytes ?? bytes) === bytes;

/** The models in a store, for who wants to know what takes the room. */
export interface ModelShelf {
  list(): Promise<StoredModel[]>;
  /** @throws EngineError while another tab downloads it */
  remove(folder: string): Promise<void>;
}

/** Beside a model's files: whose they are, and when they were last opened. */
export const USE_NOTE = 'sgraffito-use.json';

const useSchema = v.object({ title: v.string(), usedAt: v.number() });
export type UseNote = v.InferOutput<typeof useSchema>;

/** @returns undefined for what is none */
export function parseUse(text: string): UseNote | undefined {
  try {
    return v.parse(useSchema, JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A name for the files of an address: readable, and no two addresses share one. */
export function storeFolder(address: string): string {
  const readable = address.replace(/^https?:\/\//, '').replace(/[^A-Za-z0-9]+/g, '-');
  const hash = bytesToHex(sha256(utf8ToBytes(address)));
  return `${readable.slice(0, 60).replace(/^-|-$/g, '')}-${hash.slice(0, 12)}`;
}

/** Written by this program, but a write may have been cut: then the file starts again. */
export function parseState(text: string): StoredState | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'complete' in value ? (value as StoredState) : undefined;
  } catch {
    return undefined;
  }
}

/** For browsers that keep nothing: a cut download goes on as long as the tab lives. */
export function memoryStore(): FileStore {
  const files = new Map<string, { chunks: Uint8Array[]; bytes: number; state: StoredState | undefined }>();
  const fileOf = (key: string) => {
    const known = files.get(key) ?? { chunks: [], bytes: 0, state: undefined };
    files.set(key, known);
    return known;
  };
  return {
    look: async (key) => files.get(key) ?? { bytes: 0, state: undefined },
    async write(key) {
      const file = fileOf(key);
      return {
        async append(bytes) {
          file.chunks.push(bytes.slice());
          file.bytes += bytes.length;
        },
        async clear() {
          Object.assign(file, { chunks: [], bytes: 0, state: undefined });
        },
        async save(state) {
          file.state = state;
        },
        close: async () => undefined,
      };
    },
    async open(key) {
      const { chunks } = fileOf(key);
      return blobFile(new Blob(chunks as Uint8Array<ArrayBuffer>[]));
    },
    freeBytes: async () => undefined,
  };
}

export function blobFile(blob: Blob): LargeFile {
  const bytesOf = async (part: Blob) => new Uint8Array(await part.arrayBuffer());
  return {
    bytes: blob.size,
    read: () => bytesOf(blob),
    slice: (start, end) => bytesOf(blob.slice(start, end)),
    blob: async () => blob,
  };
}
