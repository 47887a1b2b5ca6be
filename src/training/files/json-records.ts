/** The elements of an array in a JSON file of any size, one by one: memory holds one element and a block of the file. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline, Transform } from 'node:stream';
import { pick } from 'stream-json/filters/pick.js';
import { streamArray } from 'stream-json/streamers/stream-array.js';
import { ImportInputError } from './input-error.ts';
import { startProgress } from './progress.ts';

const BLOCK_BYTES = 1 << 18;
const MEGABYTE = 1e6;

/**
 * @param key of the array in the file's top-level object; without it the file is the array.
 * @throws ImportInputError when the file is missing, is not JSON, or has no such array.
 */
export async function* jsonRecords(file: string, key?: string): AsyncGenerator<unknown> {
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
  // Numbers and texts are wanted whole: streaming their pieces too costs a third of the speed.
  const reading = { packValues: true, streamValues: false };
  const stages =
    key === undefined
      ? [streamArray.withParserAsStream(reading)]
      : [pick.withParserAsStream({ ...reading, filter: key, once: true }), streamArray.asStream()];
  const records = stages[stages.length - 1]!;
  // A failure of any part destroys the last one with its error, which the loop below then throws.
  pipeline([source, counted, ...stages], () => undefined);
  let isFound = key === undefined;
  try {
    for await (const { value } of records as AsyncIterable<{ readonly value: unknown }>) {
      isFound = true;
      yield value;
    }
  } catch (error) {
    const reason = (error as Error).message.replaceAll(/\s+/g, ' ');
    throw new ImportInputError(`${file} is not the JSON it should be, near byte ${bytes}: ${reason}`);
  } finally {
    records.destroy();
    source.destroy();
    progress.close();
  }
  if (!isFound) throw new ImportInputError(`${file} holds no "${key}"`);
}
