/** The elements of an array or an object in a JSON file of any size, one by one: memory holds one element and a block of the file. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { type Duplex, pipeline, Transform } from 'node:stream';
import { pick } from 'stream-json/filters/pick.js';
import { streamArray } from 'stream-json/streamers/stream-array.js';
import { streamObject } from 'stream-json/streamers/stream-object.js';
import { ImportInputError } from './input-error.ts';
import { startProgress } from './progress.ts';

const BLOCK_BYTES = 1 << 18;
const MEGABYTE = 1e6;

// Numbers and texts are wanted whole: streaming their pieces too costs a third of the speed.
const READING = { packValues: true, streamValues: false };

/**
 * @param key of the array in the file's top-level object; without it the file is the array.
 * @throws ImportInputError when the file is missing, is not JSON, or has no such array.
 */
export async function* jsonRecords(file: string, key?: string): AsyncGenerator<unknown> {
  const stages =
    key === undefined
      ? [streamArray.withParserAsStream(READING)]
      : [pick.withParserAsStream({ ...READING, filter: key, once: true }), streamArray.asStream()];
  let isFound = key === undefined;
  for await (const { value } of streamed(file, stages, key)) {
    isFound = true;
    yield value;
  }
  if (!isFound) throw new ImportInputError(`${file} holds no "${key}"`);
}

/**
 * The fields of a file's top-level object.
 * @throws ImportInputError when the file is missing or is not such JSON.
 */
export function jsonEntries(file: string): AsyncGenerator<{ readonly key: string; readonly value: unknown }> {
  return streamed<{ key: string; value: unknown }>(file, [streamObject.withParserAsStream(READING)]);
}

async function* streamed<Item extends { readonly value: unknown }>(
  file: string,
  stages: readonly Duplex[],
  key?: string,
): AsyncGenerator<Item> {
  if (!existsSync(file)) throw new ImportInputError(`${file} is missing`);
  const total = Math.ceil(statSync(file).size / MEGABYTE);
  const progress = startProgress(`reading ${basename(file)}${key === undefined ? '' : ` (${key})`}, MB`);
  let bytes = 0;
  const counted = new Transform({
    transform(block: Buffer, _, done) {
      bytes += block.length;
      progress.update(Math.min(total, Math.ceil(bytes / MEGABYTE)), total);
      done(null, block);
    },
  });
  const source = createReadStream(file, { highWaterMark: BLOCK_BYTES });
  const items = stages.at(-1)!;
  // A failure of any part destroys the last one with its error, which the loop below then throws.
  pipeline([source, counted, ...stages], () => undefined);
  try {
    yield* items as AsyncIterable<Item>;
  } catch (error) {
    const reason = (error as Error).message.replaceAll(/\s+/g, ' ');
    throw new ImportInputError(`${file} is not the JSON it should be, near byte ${bytes}: ${reason}`);
  } finally {
    items.destroy();
    source.destroy();
    progress.close();
  }
}
