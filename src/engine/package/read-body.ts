import { concatBytes } from '@noble/hashes/utils.js';
import { EngineError } from '#engine/contract/engine-error.ts';
import { type Answer, StallError } from './answer.ts';
import type { ReadOptions } from './package-loader.ts';

/**
 * A small file from a server.
 * @param name for messages
 * @throws EngineError model-damaged where it is too long or breaks off, StallError, or the signal's reason
 */
export async function readBody(
  name: string,
  answer: Answer,
  { maxBytes, onProgress, signal }: ReadOptions & { readonly signal?: AbortSignal | undefined },
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let loaded = 0;
  try {
    for await (const piece of answer.chunks()) {
      pieces.push(piece);
      loaded += piece.length;
      if (loaded > maxBytes) break;
      onProgress?.(loaded);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof StallError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError('model-damaged', `${name} broke off after ${loaded} bytes: ${reason}.`);
  }
  if (loaded > maxBytes) {
    throw new EngineError('model-damaged', `${name} is damaged: it has more than the expected ${maxBytes} bytes.`);
  }
  return concatBytes(...pieces);
}
